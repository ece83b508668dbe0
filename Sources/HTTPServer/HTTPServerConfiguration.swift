public import HTTPMessages

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

    /// The most connections at a time. When there are that many and another one comes, one gives way that waits for its
    /// client: idle, without a whole head, or slow for five seconds with a body or in taking a response; of the client with
    /// most connections the one that has waited longest. While none can, no connection is accepted, and new ones wait in
    /// the system's queue.
    public var connections = 512
    /// The most connections at a time of one client, which is an IPv4 address or an IPv6 network of 64 bits; a further one
    /// is closed at once. Of the clients of a trusted proxy, whose connections carry the requests of many, it is the most
    /// requests in progress at a time; a further one is answered with 429.
    public var connectionsPerAddress = 256
    /// The proxies that are believed when they say whose request it is, by
    /// ``HTTPMessages/HTTPRequest/clientAddress(trusting:)``. Such a proxy may have all connections, and none of them is cut
    /// off for another. Where it names itself, another trusted proxy or nobody, nobody's requests are counted.
    public var trustedProxies = TrustedProxies()

    /// After which time a client that is slow with a body or in taking a response may lose its place to another.
    package var patience: Duration = .seconds(5)

    /// The usual limits, to be changed one by one.
    public init(host: String = "127.0.0.1", port: UInt16 = 0, threads: Int = 2) {
        self.host = host
        self.port = port
        self.threads = threads
    }
}
