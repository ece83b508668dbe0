import HTTPMessages
import HTTPServer
import Synchronization
import Testing

/// A request that must be refused, as it goes over the wire.
struct Probe: Sendable, CustomTestStringConvertible {
    let name: String
    let status: Int
    let request: String

    init(_ name: String, _ status: Int, _ request: String) {
        self.name = name
        self.status = status
        self.request = request
    }

    var testDescription: String { "\(name) → \(status)" }
}

private let host = "Host: localhost\r\n"

private func get(_ target: String, _ fields: String = host) -> String { "GET \(target) HTTP/1.1\r\n\(fields)\r\n" }

private func post(_ fields: String, _ body: String = "") -> String {
    "POST / HTTP/1.1\r\n\(host)\(fields)\r\n\(body)"
}

@Suite("What must not reach a handler")
struct RefusalTests {
    static let probes: [Probe] = [
        // RFC 9112 §3.2: Host.
        Probe("no Host", 400, get("/", "")),
        Probe("two Hosts", 400, get("/", host + host)),
        Probe("two different Hosts", 400, get("/", host + "Host: other\r\n")),
        Probe("an empty Host", 400, get("/", "Host: \r\n")),
        Probe("a Host with a slash", 400, get("/", "Host: a/b\r\n")),
        Probe("a Host with user information", 400, get("/", "Host: a@b\r\n")),
        // RFC 9112 §6: the length.
        Probe(
            "Content-Length with Transfer-Encoding", 400,
            post("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n")),
        Probe(
            "Transfer-Encoding with Content-Length", 400,
            post("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n", "0\r\n\r\n")),
        Probe("differing lengths", 400, post("Content-Length: 5\r\nContent-Length: 6\r\n", "hello")),
        Probe("equal lengths", 400, post("Content-Length: 5\r\nContent-Length: 5\r\n", "hello")),
        Probe("a length with a second that is no number", 400, post("Content-Length: 0\r\nContent-Length: x\r\n")),
        Probe("a length with a sign", 400, post("Content-Length: +5\r\n", "hello")),
        Probe("a negative length", 400, post("Content-Length: -5\r\n", "hello")),
        Probe("a length that is no number", 400, post("Content-Length: five\r\n", "hello")),
        Probe("a hexadecimal length", 400, post("Content-Length: 0x5\r\n", "hello")),
        Probe("a list of lengths", 400, post("Content-Length: 5, 5\r\n", "hello")),
        Probe("an empty length", 400, post("Content-Length: \r\n", "hello")),
        Probe("a length over the limit", 413, post("Content-Length: 65537\r\n")),
        Probe("a length over all limits", 413, post("Content-Length: 9223372036854775807\r\n")),
        Probe("a length over 64 bits", 413, post("Content-Length: 99999999999999999999999\r\n")),
        Probe("another coding", 501, post("Transfer-Encoding: gzip\r\n")),
        Probe("a coding before chunked", 501, post("Transfer-Encoding: gzip, chunked\r\n", "0\r\n\r\n")),
        Probe("chunked with white space after it", 501, post("Transfer-Encoding: chunked \r\n", "0\r\n\r\n")),
        Probe("chunked with a Kelvin sign", 501, post("Transfer-Encoding: chun\u{212A}ed\r\n", "0\r\n\r\n")),
        Probe("chunked twice", 501, post("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n")),
        Probe(
            "a coding hidden behind chunked", 501,
            post("Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n", "0\r\n\r\n")),
        Probe("chunked in HTTP/1.0", 400, "POST / HTTP/1.0\r\n\(host)Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
        Probe("a chunk size that is no number", 400, post("Transfer-Encoding: chunked\r\n", "x\r\n\r\n")),
        Probe("a negative chunk size", 400, post("Transfer-Encoding: chunked\r\n", "-5\r\nhello\r\n0\r\n\r\n")),
        Probe("a chunk that is longer than its size", 400, post("Transfer-Encoding: chunked\r\n", "2\r\nhello\r\n")),
        Probe(
            "a chunked body over the limit", 413,
            post("Transfer-Encoding: chunked\r\n", "10001\r\n" + String(repeating: "x", count: 65537) + "\r\n0\r\n\r\n")
        ),
        // RFC 9110 §5: names and values.
        Probe("a space in a name", 400, get("/", host + "X Y: z\r\n")),
        Probe("a space before the colon", 400, get("/", host + "X : z\r\n")),
        Probe("a separator in a name", 400, get("/", host + "X(Y: z\r\n")),
        Probe("a name beyond ASCII", 400, get("/", host + "Ä: z\r\n")),
        Probe("a control character in a name", 400, get("/", host + "X\u{1}: z\r\n")),
        Probe("no colon", 400, get("/", host + "X\r\n")),
        Probe("no name, as the first line", 400, get("/", ": z\r\n" + host)),
        Probe("no name, so that another request seems to follow", 400, get("/", host + ": z\r\n" + get("/", host))),
        Probe("a control character in a value", 400, get("/", host + "X: y\u{1}z\r\n")),
        Probe("a bare CR in a value", 400, get("/", host + "X: y\rz\r\n")),
        Probe("a NUL in a value", 400, get("/", host + "X: y\u{0}z\r\n")),
        Probe("a NUL that hides a coding", 400, post("Transfer-Encoding: chunked\u{0}, gzip\r\n", "0\r\n\r\n")),
        Probe("a NUL in a name", 400, get("/", host + "X\u{0}: y\r\n")),
        Probe("a folded line", 400, get("/", host + "X: y\r\n z\r\n")),
        Probe("a fold in the first line", 400, get("/", " X: y\r\n" + host)),
        Probe("bare LFs", 400, "GET / HTTP/1.1\nHost: localhost\n\n"),
        Probe("a bare LF in one line", 400, get("/", host + "X: y\nZ: z\r\n")),
        // RFC 9112 §3: the request line.
        Probe("a fragment", 400, get("/a#b")),
        Probe("a space in the target", 400, get("/a b")),
        Probe("a control character in the target", 400, get("/a\u{1}b")),
        Probe("a NUL in the target", 400, get("/a\u{0}b")),
        Probe("a target beyond ASCII", 400, get("/ä")),
        Probe("broken percent-encoding", 400, get("/%zz")),
        Probe("an encoded control character", 400, get("/%0d%0a")),
        Probe("encoded bytes that are not UTF-8", 400, get("/%ff")),
        Probe("a target that is no path", 400, get("x")),
        Probe("an absolute target", 400, get("http://localhost/")),
        Probe("an asterisk", 400, "OPTIONS * HTTP/1.1\r\n\(host)\r\n"),
        Probe("two spaces in the request line", 400, "GET  / HTTP/1.1\r\n\(host)\r\n"),
        Probe("an unknown method", 501, "BREW / HTTP/1.1\r\n\(host)\r\n"),
        Probe("a method in lower case", 501, "get / HTTP/1.1\r\n\(host)\r\n"),
        Probe("TRACE", 501, "TRACE / HTTP/1.1\r\n\(host)\r\n"),
        Probe("CONNECT", 501, "CONNECT / HTTP/1.1\r\n\(host)\r\n"),
        Probe("HTTP/2 in clear words", 505, "GET / HTTP/2.0\r\n\(host)\r\n"),
        Probe("HTTP/0.9", 400, "GET /\r\n\(host)\r\n"),
        // Sizes.
        Probe("a target over the limit", 414, get("/" + String(repeating: "a", count: 8192))),
        Probe("a target over the library's memory", 414, get("/" + String(repeating: "a", count: 200_000))),
        Probe("more lines than the limit", 431, get("/", host + String(repeating: "X: y\r\n", count: 100))),
        Probe("more lines than the library's memory", 431, get("/", host + String(repeating: "X: y\r\n", count: 5000))),
        Probe("a line over the limit", 431, get("/", host + "X: " + String(repeating: "y", count: 24 << 10) + "\r\n")),
        Probe(
            "a line over the library's memory", 431,
            get("/", host + "X: " + String(repeating: "y", count: 300_000) + "\r\n")),
    ]

    @Test("is refused, and the connection ends", arguments: probes)
    func refused(_ probe: Probe) async throws {
        let handled = Mutex(0)
        let handler: HTTPHandler = { _ in
            handled.withLock { $0 += 1 }
            return .text("handled")
        }
        try await withServer(answering: handler) { server in
            try await blocking { [port = server.port] in
                let client = try RawClient(port: port)
                // What follows must not be taken for a request.
                client.sendWhatIsTaken(probe.request + get("/smuggled"))
                let reply = try client.reply()
                #expect(reply?.status == probe.status)
                _ = try client.leftover()
            }
        }
        #expect(handled.withLock { $0 } == 0)
    }

    @Test("is refused before the body is asked for")
    func beforeContinue() async throws {
        try await withServer(answering: ok) { server in
            let request = post("Content-Length: 65537\r\nExpect: 100-continue\r\n")
            let reply413 = try await reply(from: server.port, to: request)
            #expect(reply413?.status == 413)
            let unclear = post("Content-Length: 5\r\nTransfer-Encoding: chunked\r\nExpect: 100-continue\r\n")
            let reply400 = try await reply(from: server.port, to: unclear)
            #expect(reply400?.status == 400)
        }
    }

    @Test("is cut off where a chunked body goes on far beyond the limit")
    func endlessBody() async throws {
        try await withServer(answering: ok) { server in
            let ended = try await blocking { [port = server.port] in
                let client = try RawClient(port: port)
                try client.send(post("Transfer-Encoding: chunked\r\n"))
                let chunk = "2000\r\n" + String(repeating: "x", count: 8192) + "\r\n"
                for _ in 0..<10_000 {
                    do { try client.send(chunk) } catch { return true }
                }
                return false
            }
            #expect(ended)
        }
    }
}
