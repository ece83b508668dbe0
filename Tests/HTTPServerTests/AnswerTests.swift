import HTTPMessages
import HTTPServer
import Synchronization
import Testing

private func request(_ method: String = "GET", _ target: String = "/", fields: String = "", body: String = "") -> String
{
    "\(method) \(target) HTTP/1.1\r\nHost: localhost\r\n\(fields)\r\n\(body)"
}

@Suite("Requests and answers")
struct AnswerTests {
    @Test("A handler gets the method, the path decoded, the query as it came, the fields and the peer")
    func wholeRequest() async throws {
        let seen = Mutex<HTTPRequest?>(nil)
        let handler: HTTPHandler = { request in
            seen.withLock { $0 = request }
            return .text("ok")
        }
        try await withServer(answering: handler) { server in
            let line = request("GET", "/a%20b/c?x=%41&y=1+2", fields: "X-One: 1 \r\nX-TWO:2\r\nCookie: a=b; c=d\r\n")
            let reply = try await reply(from: server.port, to: line)
            #expect(reply?.status == 200)
        }
        let got = try #require(seen.withLock { $0 })
        #expect(got.method == .get)
        #expect(got.path == "/a b/c")
        #expect(got.query == "x=%41&y=1+2")
        #expect(got.fields.lines.map(\.name.canonical) == ["host", "x-one", "x-two", "cookie"])
        #expect(got.fields.lines.map(\.value) == ["localhost", "1", "2", "a=b; c=d"])
        #expect(got.peerAddress == "127.0.0.1")
        #expect(got.body.isEmpty)
    }

    @Test("An answer has its length and a date, and tells nothing of the server")
    func plainAnswer() async throws {
        let handler: HTTPHandler = { _ in .html("<p>Grüße</p>", status: 404) }
        try await withServer(answering: handler) { server in
            let reply = try #require(try await reply(from: server.port, to: request()))
            #expect(reply.status == 404)
            #expect(reply.body == "<p>Grüße</p>")
            #expect(reply["content-length"] == "14")
            #expect(reply["content-type"] == "text/html; charset=utf-8")
            #expect(reply["date"]?.hasSuffix(" GMT") == true)
            #expect(reply.fields.count == 3)
        }
    }

    @Test("HEAD is answered with the length of the body and without the body")
    func head() async throws {
        let handler: HTTPHandler = { .text($0.method == .head ? "0123456789" : "next") }
        try await withServer(answering: handler) { server in
            let (first, second) = try await blocking { [port = server.port] in
                let client = try RawClient(port: port)
                try client.send(request("HEAD") + request())
                return (try client.reply(toHead: true), try client.reply())
            }
            #expect(first?["content-length"] == "10")
            #expect(second?.body == "next")
        }
    }

    @Test("204 has neither body nor length")
    func noContent() async throws {
        let handler: HTTPHandler = { _ in HTTPResponse(status: 204) }
        try await withServer(answering: handler) { server in
            let reply = try #require(try await reply(from: server.port, to: request()))
            #expect(reply.status == 204)
            #expect(reply["content-length"] == nil)
        }
    }

    @Test("A field value cannot end its line")
    func injection() async throws {
        let handler: HTTPHandler = { request in
            var response = HTTPResponse.text("ok")
            response.fields.append(.location, "/a\r\nSet-Cookie: evil=1\r\n\r\n<script>")
            return response
        }
        try await withServer(answering: handler) { server in
            let reply = try #require(try await reply(from: server.port, to: request()))
            #expect(reply["location"] == "/a  Set-Cookie: evil=1    <script>")
            #expect(reply["set-cookie"] == nil)
            #expect(reply.body == "ok")
        }
    }

    @Test("What a handler says of length, coding, date and connection is left out")
    func framing() async throws {
        let handler: HTTPHandler = { _ in
            var response = HTTPResponse.text("ok")
            for name in [
                "content-length", "transfer-encoding", "date", "connection", "keep-alive", "upgrade", "trailer",
            ] {
                if let name = HTTPFields.Name(name) {
                    response.fields.append(name, name == .transferEncoding ? "chunked" : "1")
                }
            }
            return response
        }
        try await withServer(answering: handler) { server in
            let reply = try #require(try await reply(from: server.port, to: request()))
            #expect(reply.fields.map { $0.name.lowercased() }.sorted() == ["content-length", "content-type", "date"])
            #expect(reply["content-length"] == "2")
        }
    }

    @Test("An answer that HTTP cannot carry becomes 500", arguments: [0, 99, 101, 199, 600, 1000, -1])
    func status(_ status: Int) async throws {
        let handler: HTTPHandler = { _ in HTTPResponse(status: status) }
        try await withServer(answering: handler) { server in
            let reply = try await reply(from: server.port, to: request())
            #expect(reply?.status == 500)
        }
    }

    @Test("An answer with more fields than the head has room for becomes 500, and four whole cookies fit")
    func hugeHead() async throws {
        let handler: HTTPHandler = { request in
            var response = HTTPResponse.text("ok")
            for _ in 0..<(request.path == "/" ? 4 : 8) {
                response.fields.append(.setCookie, String(repeating: "x", count: 4096))
            }
            return response
        }
        try await withServer(answering: handler) { server in
            let cookie = "Cookie: a=" + String(repeating: "b", count: 16 << 10) + "\r\n"
            let fits = try await reply(from: server.port, to: request(fields: cookie))
            #expect(fits?.status == 200)
            #expect(fits?.fields.filter { $0.name == "set-cookie" }.count == 4)
            let tooMuch = try await reply(from: server.port, to: request("GET", "/more"))
            #expect(tooMuch?.status == 500)
        }
    }

    @Test("A body comes whole, by length and in chunks, up to the limit", arguments: [1, 1000, 65536])
    func body(_ count: Int) async throws {
        let text = String(repeating: "x", count: count)
        try await withServer(answering: echo) { server in
            let byLength = try await reply(
                from: server.port, to: request("POST", fields: "Content-Length: \(count)\r\n", body: text))
            #expect(byLength?.body == text)
            let half = count / 2
            let chunks = [text.prefix(half), text.dropFirst(half)].filter { !$0.isEmpty }
                .map { String($0.count, radix: 16) + ";note=x\r\n" + $0 + "\r\n" }.joined()
            let chunked = try await reply(
                from: server.port,
                to: request("POST", fields: "Transfer-Encoding: Chunked\r\n", body: chunks + "0\r\nX: y\r\n\r\n"))
            #expect(chunked?.body == text)
        }
    }

    @Test("A body is asked for with 100 Continue where the client waits for that")
    func expectation() async throws {
        try await withServer(answering: echo) { server in
            let (interim, final) = try await blocking { [port = server.port] in
                let client = try RawClient(port: port)
                try client.send(request("POST", fields: "Content-Length: 5\r\nExpect: 100-continue\r\n"))
                let interim = try client.reply()
                try client.send("hello")
                return (interim, try client.reply())
            }
            #expect(interim?.status == 100)
            #expect(final?.body == "hello")
        }
    }

    @Test("A request that comes byte by byte is the same request")
    func byteByByte() async throws {
        try await withServer(answering: echo) { server in
            let reply = try await blocking { [port = server.port] in
                let client = try RawClient(port: port)
                for byte in request("POST", "/a?b=c", fields: "X: y\r\nContent-Length: 5\r\n", body: "hello").utf8 {
                    try client.send([byte])
                }
                return try client.reply()
            }
            #expect(reply?.body == "hello")
        }
    }

    @Test("A connection carries one request after the other, also when they come at once")
    func keepAlive() async throws {
        let handler: HTTPHandler = { request in
            if request.path.hasPrefix("/waits") { await Task.yield() }
            return .text(request.path)
        }
        try await withServer(answering: handler) { server in
            let paths = (0..<60).map { $0.isMultiple(of: 2) ? "/waits\($0)" : "/\($0)" }
            let (oneByOne, atOnce) = try await blocking { [port = server.port] in
                let client = try RawClient(port: port)
                let oneByOne = try paths.map { path in
                    try client.send(request("GET", path))
                    return try client.reply()?.body
                }
                try client.send(paths.map { request("GET", $0) }.joined())
                return (oneByOne, try paths.map { _ in try client.reply()?.body })
            }
            #expect(oneByOne == paths)
            #expect(atOnce == paths)
        }
    }

    @Test("A connection ends where the client asks for that, and after HTTP/1.0")
    func close() async throws {
        try await withServer(answering: ok) { server in
            for text in [request(fields: "Connection: close\r\n"), "GET / HTTP/1.0\r\n\r\n"] {
                let (reply, rest) = try await blocking { [port = server.port] in
                    let client = try RawClient(port: port)
                    try client.send(text)
                    return (try client.reply(), try client.leftover())
                }
                #expect(reply?["connection"] == "close")
                #expect(rest.isEmpty)
            }
        }
    }

    @Test("A query of thousands of parts reaches the handler as it came")
    func longQuery() async throws {
        let query = String(repeating: "a&", count: 4000)
        let handler: HTTPHandler = { .text($0.query ?? "") }
        try await withServer(answering: handler) { server in
            let reply = try await reply(from: server.port, to: request("GET", "/?" + query))
            #expect(reply?.body == query)
        }
    }
}
