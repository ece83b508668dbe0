import JOSE
import MisbehavingProvider

extension Row {
    /// What a network, or a server that is broken or hostile, does to an answer, at each place that is asked.
    static let network = asked.flatMap { endpoint in
        faults.map { refuse("\(endpoint.rawValue): \($0.name)", at: endpoint, .wire(endpoint, $0.fault), $0.rule) }
            + endings.map {
                refuse("\(endpoint.rawValue): \($0.name)", at: endpoint, .wire(endpoint, $0.fault), $0.rule)
                    .asking(wayAgain(at: endpoint))
            }
    }

    /// Connections on which there is no answer.
    private static let endings: [(name: String, fault: WireFault, rule: String)] = [
        ("the connection ends", .closing, "transport.truncated"),
        ("the connection is reset", .reset, "transport.truncated"), ("no HTTP", .notHTTP, "transport.malformed"),
    ]

    /// The way to an endpoint. A `GET` on a connection that was kept, and brings no answer, is sent once more; a code never is.
    private static func wayAgain(at endpoint: Endpoint) -> [Endpoint] {
        let way = Array(way.prefix { $0 != endpoint }) + [endpoint]
        return endpoint == .keys || endpoint == .userInfo ? way + [endpoint] : way
    }

    /// The same that take as long as the app lets them.
    static let slow = asked.flatMap { endpoint in
        slowFaults.map {
            refuse("\(endpoint.rawValue): \($0.name)", at: endpoint, .wire(endpoint, $0.fault), "transport.timedOut")
        } + [
            refuse(
                "\(endpoint.rawValue): no answer ever", at: endpoint, .wire(endpoint, .silence), "transport.timedOut"
            )
            .asking(wayAgain(at: endpoint))
        ]
    }

    /// Nothing listens on the discard port: the last request that is seen is the one before.
    static let unreachable = [
        ("token_endpoint", Endpoint.authorize), ("jwks_uri", .token), ("userinfo_endpoint", .keys),
    ].map { name, last in
        refuse(
            "\(name): nothing listens there", at: last, .metadata(name, "http://127.0.0.1:9/"), "transport.unreachable")
    }

    private static let asked = [Endpoint.discovery, .token, .keys, .userInfo]

    private static let faults: [(name: String, fault: WireFault, rule: String)] = [
        ("an end inside the head", .truncatedHead, "transport.truncated"),
        ("an end inside the body", .truncatedBody, "transport.truncated"),
        ("2 MiB of white space behind", .huge, "transport.tooLarge"),
        ("a body without an end", .endlessBody, "transport.tooLarge"),
        ("chunks without an end", .endlessChunks, "transport.tooLarge"),
        ("a head without an end", .endlessHead, "transport.tooLarge"),
        ("5,000 fields", .manyFields, "transport.tooLarge"),
        ("two lengths", .twoLengths, "transport.malformed"),
        ("a gzip bomb", .gzipBomb, "transport.malformed"),
    ]

    private static let slowFaults: [(name: String, fault: WireFault)] = [
        ("a body that drips", .drippingBody),
        ("a head that drips", .drippingHead),
    ]

    /// 100 MB in a few hundred KiB, undeclared: nothing is unpacked.
    static let bombs = zip(asked, ["metadata.form", "tokenResponse.form", "keySet.form", "userInfo.form"]).map {
        refuse("\($0.rawValue): a gzip bomb, undeclared", .wire($0, .undeclaredGzipBomb), $1)
    }
}
