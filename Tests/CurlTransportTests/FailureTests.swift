import CurlTransport
import OpenIDConnect
import RawSockets
import Testing

@Suite("Answers that are none")
struct FailureTests {
    @Test(
        "an answer that contradicts HTTP or itself is malformed",
        arguments: [
            // HTTP/0.9, and other things that are no HTTP/1.1
            "just text, as in HTTP/0.9",
            "HTTP/2 200\r\nContent-Length: 2\r\n\r\nok",
            "HTTP/1.1 20 OK\r\nContent-Length: 2\r\n\r\nok",
            "HTTP/1.1 2000 OK\r\nContent-Length: 2\r\n\r\nok",
            "HTTP/1.1 600 OK\r\nContent-Length: 2\r\n\r\nok",
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\n\r\n",
            // Header fields
            "HTTP/1.1 200 OK\r\nno colon\r\nContent-Length: 2\r\n\r\nok",
            "HTTP/1.1 200 OK\r\nName : space before the colon\r\nContent-Length: 2\r\n\r\nok",
            "HTTP/1.1 200 OK\r\nFolded: a\r\n b\r\nContent-Length: 2\r\n\r\nok",
            "HTTP/1.1 200 OK\r\nControl: a\u{1}b\r\nContent-Length: 2\r\n\r\nok",
            "HTTP/1.1 200 OK\r\nReturn: a\rb\r\nContent-Length: 2\r\n\r\nok",
            "HTTP/1.1 200 OK\r\nNul: a\u{0}b\r\nContent-Length: 2\r\n\r\nok",
            // Framing
            "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\nok",
            "HTTP/1.1 200 OK\r\nContent-Length: 4\r\nContent-Length: 2\r\n\r\nokok",
            "HTTP/1.1 200 OK\r\nContent-Length: 2, 2\r\n\r\nok",
            "HTTP/1.1 200 OK\r\nContent-Length: +2\r\n\r\nok",
            "HTTP/1.1 200 OK\r\nContent-Length: -2\r\n\r\nok",
            "HTTP/1.1 200 OK\r\nContent-Length:\r\n\r\nok",
            "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\nok",
            "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\n2\r\nok\r\n0\r\n\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chun\u{212A}ed\r\n\r\n2\r\nok\r\n0\r\n\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nok\r\n0\r\n\r\n",
            // Encodings that nobody asked for
            "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n\r\n\u{1f}x",
            "HTTP/1.1 200 OK\r\nContent-Encoding: identity, br\r\nContent-Length: 2\r\n\r\nok",
        ])
    func malformed(_ answer: String) async throws {
        let error = try await failure(at: answer)
        #expect(error.code == .malformed, "\(error)")
    }

    @Test(
        "an answer that ends early is truncated",
        arguments: [
            "",
            "HTTP/1.1 200 OK\r\n",
            "HTTP/1.1 200 OK\r\nContent-Ty",
            "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n",
            "HTTP/1.1 100 Continue\r\n\r\n",
            "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhell",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
        ])
    func truncated(_ answer: String) async throws {
        let error = try await failure(at: answer)
        #expect(error.code == .truncated, "\(error)")
    }

    @Test("a connection that is closed at once is truncated")
    func closedAtOnce() async throws {
        let server = try ScriptedServer { _ in }
        #expect(try await failure(of: server.request()).code == .truncated)
    }

    @Test("a header section over the limit is too large")
    func manyHeaders() async throws {
        let server = try ScriptedServer { peer in
            _ = peer.readRequest()
            peer.send("HTTP/1.1 200 OK\r\n")
            while peer.send("X: \(String(repeating: "x", count: 1000))\r\n") {}
        }
        let error = try await failure(of: server.request())
        #expect(error.code == .tooLarge)
        #expect(error.detail.contains("65536"))
    }

    @Test("interim answers without end are too large")
    func manyInterimAnswers() async throws {
        let server = try ScriptedServer { peer in
            _ = peer.readRequest()
            while peer.send("HTTP/1.1 103 Early Hints\r\n\r\n") {}
        }
        #expect(try await failure(of: server.request()).code == .tooLarge)
    }

    @Test("trailers without end are too large")
    func manyTrailers() async throws {
        let server = try ScriptedServer { peer in
            _ = peer.readRequest()
            peer.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n")
            while peer.send("X: \(String(repeating: "x", count: 1000))\r\n") {}
        }
        #expect(try await failure(of: server.request()).code == .tooLarge)
    }

    @Test("a header line without end is too large")
    func endlessHeader() async throws {
        let server = try ScriptedServer { peer in
            _ = peer.readRequest()
            peer.send("HTTP/1.1 200 OK\r\nX: ")
            while peer.send(String(repeating: "x", count: 1000)) {}
        }
        let error = try await failure(of: server.request())
        #expect(error.code == .tooLarge, "\(error)")
    }

    @Test("a body without end is too large, whatever its framing", arguments: ["", "Transfer-Encoding: chunked\r\n"])
    func endlessBody(_ framing: String) async throws {
        let server = try ScriptedServer { peer in
            _ = peer.readRequest()
            peer.send("HTTP/1.1 200 OK\r\n\(framing)\r\n")
            while peer.send("400\r\n\(String(repeating: "x", count: 1024))\r\n") {}
        }
        let error = try await failure(of: server.request(limits: TransportRequest.Limits(bodyBytes: 100_000)))
        #expect(error.code == .tooLarge)
        #expect(error.detail.contains("100000"))
    }

    @Test(
        "a body of one byte more than the limit is too large",
        arguments: ["Connection: close\r\n\r\nhello!", "Transfer-Encoding: chunked\r\n\r\n6\r\nhello!\r\n0\r\n\r\n"])
    func oneByteMore(_ rest: String) async throws {
        let server = try ScriptedServer(answeringOnce: "HTTP/1.1 200 OK\r\n" + rest)
        let limits = TransportRequest.Limits(bodyBytes: 5)
        #expect(try await failure(of: server.request(limits: limits)).code == .tooLarge)
    }

    @Test("a declared length over the limit is too large before the body came")
    func declaredTooLarge() async throws {
        let server = try ScriptedServer { peer in
            _ = peer.readRequest()
            peer.send("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n")
            peer.waitForEnd()
        }
        let limits = TransportRequest.Limits(total: .seconds(5), bodyBytes: 5)
        #expect(try await failure(of: server.request(limits: limits)).code == .tooLarge)
    }
}
