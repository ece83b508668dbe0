import HTTPMessages
import TestSupport
import Testing

/// The address that a request from a peer seems to come from.
private func client(
    peer: String = "10.0.0.1", trusting: String = "10.0.0.0/8, fd00::/8", xForwardedFor: [String] = [],
    forwarded: [String] = []
) throws -> String {
    var fields = HTTPFields()
    for line in xForwardedFor { fields.append(.xForwardedFor, line) }
    for line in forwarded { fields.append(.forwarded, line) }
    let request = try #require(HTTPRequest(method: .get, target: "/", fields: fields, peerAddress: peer))
    return request.clientAddress(trusting: try TrustedProxies(trusting))
}

@Suite("The client's address behind proxies")
struct ClientAddressTests {
    @Test("A peer that is not trusted is the client, whatever it says of itself")
    func untrustedPeer() throws {
        for peer in ["203.0.113.9", "2001:db8::9", "::a00:1"] {
            #expect(try client(peer: peer, xForwardedFor: ["192.0.2.1"]) == peer)
            #expect(try client(peer: peer, forwarded: ["for=192.0.2.1"]) == peer)
            #expect(try client(peer: peer, xForwardedFor: ["192.0.2.1"], forwarded: ["for=192.0.2.1"]) == peer)
        }
        #expect(try client(peer: "2001:DB8:0::9", xForwardedFor: ["192.0.2.1"]) == "2001:db8::9")
        #expect(try client(peer: "::ffff:203.0.113.9", xForwardedFor: ["192.0.2.1"]) == "203.0.113.9")
        let request = try #require(
            HTTPRequest(
                method: .get, target: "/", fields: [.xForwardedFor: "192.0.2.1"], peerAddress: "10.0.0.1"))
        #expect(request.clientAddress(trusting: TrustedProxies()) == "10.0.0.1")
    }

    @Test("A peer without an address, or with one that cannot be read, is trusted by nobody")
    func noPeer() throws {
        for peer in ["", "unix", "fd00::1%eth0"] {
            #expect(try client(peer: peer, trusting: "0.0.0.0/0, ::/0", xForwardedFor: ["192.0.2.1"]) == peer)
        }
    }

    @Test("A trusted proxy is believed; without a word of it, it is the client itself")
    func oneProxy() throws {
        #expect(try client() == "10.0.0.1")
        #expect(try client(xForwardedFor: [""], forwarded: [" , "]) == "10.0.0.1")
        #expect(try client(xForwardedFor: ["192.0.2.1"]) == "192.0.2.1")
        #expect(try client(forwarded: ["for=192.0.2.1"]) == "192.0.2.1")
        #expect(try client(peer: "::ffff:10.0.0.1", xForwardedFor: ["192.0.2.1"]) == "192.0.2.1")
        #expect(try client(peer: "::ffff:10.0.0.1") == "10.0.0.1")
    }

    @Test("Of a chain, the last address that is no trusted proxy's is the client, and what it said before is not read")
    func chain() throws {
        let chains = [
            ["192.0.2.1"], ["6.6.6.6, 192.0.2.1"], ["6.6.6.6,192.0.2.1, 10.0.0.3,10.0.0.2"],
            ["10.9.9.9, 192.0.2.1,10.0.0.2"], ["6.6.6.6", "192.0.2.1", "10.0.0.2"], ["rubbish, 192.0.2.1, fd00::2"],
            ["6.6.6.6, 192.0.2.1,\t, 10.0.0.2 ,"], [String(repeating: "\"", count: 99) + ",192.0.2.1"],
        ]
        for chain in chains {
            #expect(try client(xForwardedFor: chain) == "192.0.2.1", "\(chain)")
        }
        #expect(try client(forwarded: ["for=6.6.6.6, for=192.0.2.1;proto=https", "for=10.0.0.2"]) == "192.0.2.1")
        #expect(try client(forwarded: ["for=\"6.6.6.6, for=192.0.2.1"]) == "192.0.2.1")
    }

    @Test("If all of a chain are trusted, the first of them is the client")
    func allTrusted() throws {
        #expect(try client(xForwardedFor: ["10.0.0.3, fd00::2"]) == "10.0.0.3")
    }

    @Test(
        "An address may have a port, and is given in one form",
        arguments: [
            ("192.0.2.1:4711", "192.0.2.1"), ("192.0.2.1:_x", "192.0.2.1"), ("::ffff:192.0.2.1", "192.0.2.1"),
            ("2001:DB8:0::1", "2001:db8::1"), ("[2001:db8::1]", "2001:db8::1"), ("[2001:db8::1]:4711", "2001:db8::1"),
            ("2001:db8::1:4711", "2001:db8::1:4711"), ("[::ffff:192.0.2.1]:1", "192.0.2.1"),
        ])
    func ports(_ element: String, _ address: String) throws {
        #expect(try client(xForwardedFor: [element]) == address)
    }

    @Test(
        "Forwarded is read by the grammar of RFC 7239, quoted or not, its other parameters passed over",
        arguments: [
            ("for=192.0.2.1", "192.0.2.1"), ("For=\"192.0.2.1\"", "192.0.2.1"), ("FOR=\"192.0.2.1:4711\"", "192.0.2.1"),
            ("for=\"192.0.2.1:00080\"", "192.0.2.1"), ("for=\"192.0.2.1:_gazonk-1.x\"", "192.0.2.1"),
            ("for=\"[2001:db8:cafe::17]:4711\"", "2001:db8:cafe::17"), ("for=\"[2001:DB8::1]\"", "2001:db8::1"),
            ("for=\"192.0\\.2.1\"", "192.0.2.1"), ("for=192.0.2.1;proto=http;by=203.0.113.43", "192.0.2.1"),
            ("proto=https;host=\"a;for=6.6.6.6\";for=192.0.2.1", "192.0.2.1"),
            ("by=\"\\\"\";for=192.0.2.1;extension=\"\"", "192.0.2.1"),
        ])
    func forwarded(_ element: String, _ address: String) throws {
        #expect(try client(forwarded: [element]) == address)
        #expect(try client(forwarded: ["for=6.6.6.6, \(element) , for=10.0.0.2"]) == address)
    }

    @Test(
        "Where an element of X-Forwarded-For is no address, the way ends at the one before",
        arguments: [
            "unknown", "_hidden", "localhost", "192.0.2", "0300.0.2.1", "192.0.2.1:", "192.0.2.1:x", "192.0.2.1:_",
            "192.0.2.1:_~", "192.0.2.1:_a!", "192.0.2.1:123456", "192.0.2.1 4711", "[192.0.2.1]", "[192.0.2.1]:80",
            "[2001:db8::1",
            "2001:db8::1]", "[2001:db8::1]4711", "[2001:db8::1]:", "[]", "[", ":80", "\"192.0.2.1\"", "for=192.0.2.1",
            "fe80::1%eth0", "192.0.2.1;192.0.2.1", "192.0.2.1\u{301}", "\u{FFFD}",
        ])
    func noAddress(_ element: String) throws {
        #expect(try client(xForwardedFor: [element]) == "10.0.0.1")
        #expect(try client(xForwardedFor: ["6.6.6.6, \(element), 10.0.0.2"]) == "10.0.0.2")
    }

    @Test(
        "Where an element of Forwarded has no address, or breaks the grammar, the way ends at the one before",
        arguments: [
            "for=unknown", "for=_hidden", "for=\"_SEVKISEK\"", "for=\"unknown:80\"", "proto=https", "192.0.2.1", "for",
            "for=", "for=;proto=https", "for=\"\"", "=192.0.2.1", "for =192.0.2.1", "for= 192.0.2.1",
            "for=192.0.2.1:80",
            "for=[2001:db8::1]", "for=2001:db8::1", "for=\"2001:db8::1\"", "for=\"[2001:db8::1\"", "for=\"192.0.2.1",
            "for=192.0.2.1\"", "for=\"192.0.2.1\"x", "for=\"192.0.2.1\\", "for=\"192.0.2.1\\\"", "for='192.0.2.1'",
            "for=192.0.2.1;for=192.0.2.1", "for=192.0.2.1;FOR=6.6.6.6", "for=192.0.2.1;", ";for=192.0.2.1",
            "for=192.0.2.1;;proto=https", "for=192.0.2.1;proto", "for=192.0.2.1;proto=", "for=192.0.2.1;=http",
            "for=192.0.2.1;proto=\"", "for=192.0.2.1;by=a;by=b",
            "for=192.0.2.1;host=\"a, for=6.6.6.6;x=\"",
            "for=192.0.2.1;host=\"a,for=6.6.6.6;x=\";by=\";for=6.6.6.6;y=\"",
        ])
    func noForwardedAddress(_ element: String) throws {
        #expect(try client(forwarded: [element]) == "10.0.0.1")
        #expect(try client(forwarded: ["for=6.6.6.6, \(element), for=10.0.0.2"]) == "10.0.0.2")
    }

    @Test("Where both fields are there and lead to different addresses, neither is believed")
    func disagreement() throws {
        #expect(try client(xForwardedFor: ["192.0.2.1"], forwarded: ["for=6.6.6.6"]) == "10.0.0.1")
        #expect(try client(xForwardedFor: ["192.0.2.1, 10.0.0.2"], forwarded: ["for=6.6.6.6"]) == "10.0.0.1")
        #expect(try client(xForwardedFor: ["192.0.2.1"], forwarded: ["for=unknown"]) == "10.0.0.1")
        #expect(try client(xForwardedFor: ["rubbish"], forwarded: ["for=6.6.6.6"]) == "10.0.0.1")
    }

    @Test("Where both fields are there and lead to the same address, it is the client; an empty one says nothing")
    func agreement() throws {
        #expect(try client(xForwardedFor: ["192.0.2.1"], forwarded: ["for=\"192.0.2.1:80\""]) == "192.0.2.1")
        #expect(try client(xForwardedFor: ["2001:db8::1"], forwarded: ["for=\"[2001:DB8::1]\""]) == "2001:db8::1")
        #expect(try client(xForwardedFor: ["192.0.2.1"], forwarded: [""]) == "192.0.2.1")
        #expect(try client(xForwardedFor: [""], forwarded: ["for=192.0.2.1"]) == "192.0.2.1")
    }

    @Test("The last 20 elements are read, and what stands before them is not believed")
    func count() throws {
        let proxies = { (count: Int) in Array(repeating: "10.0.0.2", count: count) }
        let lines = { (elements: [String]) in [elements.joined(separator: ",")] }
        #expect(try client(xForwardedFor: lines(["192.0.2.1"] + proxies(19))) == "192.0.2.1")
        #expect(try client(xForwardedFor: lines(["192.0.2.1"] + proxies(20))) == "10.0.0.2")
        #expect(try client(xForwardedFor: ["192.0.2.1"] + proxies(19)) == "192.0.2.1")
        #expect(try client(xForwardedFor: ["192.0.2.1"] + proxies(20)) == "10.0.0.2")
        let forwarded = { proxies($0).map { "for=" + $0 } }
        #expect(try client(forwarded: lines(["for=192.0.2.1"] + forwarded(19))) == "192.0.2.1")
        #expect(try client(forwarded: ["for=192.0.2.1"] + forwarded(20)) == "10.0.0.2")
    }

    @Test("The last 4 KiB are read, and an element that is cut there is not believed")
    func size() throws {
        let limit = HTTPRequest.maximumForwardedByteCount
        #expect(limit == 4096)
        let end = ",10.0.0.2"
        let spaces = { (count: Int) in String(repeating: " ", count: count) }
        let fitting = "192.0.2.1" + spaces(limit - 9 - end.utf8.count) + end
        #expect(fitting.utf8.count == limit)
        #expect(try client(xForwardedFor: [fitting]) == "192.0.2.1")
        // What is left of the element, 92.0.2.1, would be an address as well.
        let tooLong = "192.0.2.1" + spaces(limit - 8 - end.utf8.count) + end
        #expect(try client(xForwardedFor: [tooLong]) == "10.0.0.2")
        #expect(try client(xForwardedFor: ["6.6.6.6", fitting]) == "192.0.2.1")
        #expect(try client(xForwardedFor: [tooLong, "192.0.2.7"]) == "192.0.2.7")
        #expect(try client(xForwardedFor: [String(repeating: "6.6.6.6,", count: 9999) + "192.0.2.1"]) == "192.0.2.1")
        #expect(try client(xForwardedFor: [String(repeating: "6", count: 99_999)]) == "10.0.0.1")
        let quoted = "for=192.0.2.1;x=\"" + spaces(limit - 18) + "\""
        #expect(try client(forwarded: [quoted]) == "192.0.2.1")
        #expect(try client(forwarded: [quoted + ";y=z"]) == "10.0.0.1")
    }

    @Test("Whatever bytes come, there is an answer, and it is an address")
    func anyBytes() throws {
        var generator = SeededGenerator(seed: 7)
        let pieces =
            ["192.0.2.1", "10.0.0.2", "2001:db8::1", "[fd00::2]", "for=", "proto=", "unknown", "_x", "\u{FFFD}", "é"]
            + ",;=:\"\\[]%._ \t-".map(String.init)
        for _ in 0..<3000 {
            let line = {
                (0..<Int.random(in: 0...12, using: &generator)).compactMap { _ in
                    pieces.randomElement(using: &generator)
                }.joined()
            }
            let (first, second) = (line(), line())
            let address = try client(xForwardedFor: [first, second], forwarded: [second])
            #expect(IPAddress(address)?.description == address, "\(first) \(second)")
            #expect(try client(peer: "203.0.113.9", xForwardedFor: [first], forwarded: [second]) == "203.0.113.9")
        }
    }
}
