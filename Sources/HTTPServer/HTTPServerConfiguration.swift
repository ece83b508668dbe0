/// Where a server listens and what a client may cost it.
public struct HTTPServerConfiguration: Sendable, Hashable {
    /// An IPv4 or IPv6 address, or `localhost`, which stands for 127.0.0.1.
    public var host: String
    /// The port; 0 takes any that is free.
    public var port: UInt16
    /// How many threads serve connections, 1 to 64. Handlers run on them until they first wait.
    public var threads: Int

    /// The most bytes of a request's head, the request line included; more is answered with 431.
    public var headBytes = 24 << 10
    /// The most bytes of a request's target; more is answered with 414.
    public var targetBytes = 8 << 10
    /// The most header fields of a request; more is answered with 431.
    public var fieldCount = 100
    /// The most bytes of a request's body; more is answered with 413.
    public var bodyBytes = 64 << 10

    /// Time from the opening of a connection to the end of the first request line, and from the request line to the end
    /// of the head.
    public var headTimeout: Duration = .seconds(10)
    /// Time from the end of the head to the end of the body.
    public var bodyTimeout: Duration = .seconds(30)
    /// Time that a handler may wait; then the request is answered with 503 and the handler's task is cancelled.
    public var handlerTimeout: Duration = .seconds(60)
    /// Time in which the client has to take the answer.
    public var answerTimeout: Duration = .seconds(60)
    /// Time from an answer to the next request line on the same connection.
    public var idleTimeout: Duration = .seconds(30)

    /// The most connections at a time; a further one is closed at once.
    public var connections = 512
    /// The most connections at a time from one address; a further one is closed at once. To a server behind a proxy all
    /// come from the proxy's.
    public var connectionsPerAddress = 256

    /// The usual limits, to be changed one by one.
    public init(host: String = "127.0.0.1", port: UInt16 = 0, threads: Int = 2) {
        self.host = host
        self.port = port
        self.threads = threads
    }
}
