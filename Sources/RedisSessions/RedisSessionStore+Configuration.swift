extension RedisSessionStore {
    /// How a store uses its Redis.
    public struct Configuration: Sendable, Hashable {
        /// Before each key, so that others can use the same database.
        public var prefix = "oidc:"
        /// How many connections there are, 1 to 64. Each carries the commands of many requests at a time.
        public var connections = 2
        /// Time to find the host, connect and log in.
        public var connectTimeout: Duration = .seconds(2)
        /// Time from a command to its answer; then the connection is given up, and with it all that waits there.
        public var replyTimeout: Duration = .seconds(2)
        /// Time after a failed attempt to connect in which no other is made.
        public var retryInterval: Duration = .milliseconds(100)
        /// The most commands that wait at a time; a further one fails at once.
        public var waitingCommands = 10_000
        /// The most bytes of an answer; a longer one ends its connection. A session or a shared value that would need
        /// more is not taken.
        public var replyBytes = 1 << 20

        /// The usual, to be changed one by one.
        public init() {}
    }
}
