import CurlTransport
import OpenIDConnect
import RawSockets
import Synchronization
import Testing

@Suite("Answers that are whole")
struct AnswerTests {
    @Test("status, fields in order and body come as they were sent")
    func whole() async throws {
        let answer = try await response(
            at: "HTTP/1.1 200 OK\r\nX-One: a\r\nContent-Length: 5\r\nx-one:  b \r\nEmpty:\r\n\r\nhello")
        #expect(answer.status == 200)
        #expect(answer.text == "hello")
        #expect(answer.fields.map(\.name) == ["X-One", "Content-Length", "x-one", "Empty"])
        #expect(answer.values("x-ONE") == ["a", "b"])
        #expect(answer.values("empty") == [""])
    }

    @Test("any status is an answer", arguments: [204, 400, 401, 404, 500, 503])
    func statuses(_ status: Int) async throws {
        let answer = try await response(at: "HTTP/1.1 \(status) Reason\r\nContent-Length: 0\r\n\r\n")
        #expect(answer.status == status)
    }

    @Test("a chunked body is put together, and its trailers are left out")
    func chunked() async throws {
        let answer = try await response(
            at: "HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\nTrailer: x\r\n\r\n")
        #expect(answer.text == "abcde")
        #expect(answer.values("trailer") == [])
    }

    @Test("a body without a length ends with the connection")
    func untilClosed() async throws {
        #expect(try await response(at: "HTTP/1.0 200 OK\r\n\r\nall of it").text == "all of it")
    }

    @Test("of an interim answer nothing is kept")
    func interim() async throws {
        let answer = try await response(
            at: "HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
        #expect(answer.status == 200)
        #expect(answer.values("link") == [])
        #expect(answer.text == "ok")
    }

    @Test("a redirect is an answer and is not followed", arguments: [301, 302, 303, 307, 308])
    func redirect(_ status: Int) async throws {
        let elsewhere = try ScriptedServer(answering: "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nelsewhere")
        let location = "http://127.0.0.1:\(elsewhere.port)/"
        let server = try ScriptedServer(
            answeringOnce: "HTTP/1.1 \(status) Go\r\nLocation: \(location)\r\nContent-Length: 4\r\n\r\nhere")
        let answer = try await CurlTransport().send(server.request(.post, body: "secret=x"))
        #expect(answer.status == status)
        #expect(answer.text == "here")
    }

    @Test("the identity coding is no coding")
    func identity() async throws {
        let answer = try await response(
            at: "HTTP/1.1 200 OK\r\nContent-Encoding: identity\r\nContent-Length: 2\r\n\r\nok")
        #expect(answer.text == "ok")
    }

    @Test("a body of exactly the limit is taken")
    func exactlyTheLimit() async throws {
        let server = try ScriptedServer(answering: "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello")
        let limits = TransportRequest.Limits(bodyBytes: 5)
        #expect(try await CurlTransport().send(server.request(limits: limits)).text == "hello")
    }
}

@Suite("Requests as the server sees them")
struct RequestTests {
    /// Sends the request and gives what the server read.
    private func seen(
        _ method: TransportRequest.Method = .get, _ path: String = "/",
        fields: [(name: String, value: String)] = [], body: String = ""
    ) async throws -> String {
        let heard = Mutex("")
        let server = try ScriptedServer { peer in
            let request = peer.readRequest() ?? ""
            heard.withLock { $0 = request }
            peer.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        }
        _ = try await CurlTransport().send(server.request(method, path, fields: fields, body: body))
        return heard.withLock { $0 }
    }

    @Test("a GET has the target as given, our name, and asks for no compression")
    func get() async throws {
        let request = try await seen(.get, "/a/../b?c=%20d", fields: [("Accept", "application/json")])
        #expect(request.hasPrefix("GET /a/../b?c=%20d HTTP/1.1\r\n"))
        #expect(request.contains("\r\nUser-Agent: swift-openid-connect\r\n"))
        #expect(request.contains("\r\nAccept: application/json\r\n"))
        #expect(!request.lowercased().contains("accept-encoding"))
        #expect(!request.lowercased().contains("cookie"))
        #expect(!request.lowercased().contains("upgrade"))
    }

    @Test("a POST carries its body and its fields, the empty one too")
    func post() async throws {
        let request = try await seen(
            .post, fields: [("Content-Type", "application/x-www-form-urlencoded"), ("X-Empty", "")], body: "a=b&c=d")
        #expect(request.hasPrefix("POST / HTTP/1.1\r\n"))
        #expect(request.contains("\r\nContent-Length: 7\r\n"))
        #expect(request.contains("\r\nX-Empty:\r\n"))
        #expect(request.hasSuffix("\r\n\r\na=b&c=d"))
    }

    @Test("a POST without a body says so")
    func emptyPost() async throws {
        #expect(try await seen(.post).contains("\r\nContent-Length: 0\r\n"))
    }

    @Test("a large POST waits for no 100 Continue")
    func largePost() async throws {
        let body = String(repeating: "x", count: 2 << 20)
        let request = try await seen(.post, body: body)
        #expect(!request.prefix(1000).lowercased().contains("expect"))
        #expect(request.utf8.count > body.utf8.count)
    }

    @Test(
        "a field that would end its line or is no token is not sent",
        arguments: [("X", "a\r\nY: b"), ("X", "a\u{0}b"), ("X Y", "a"), ("X:Y", "a"), ("", "a"), ("X\n", "a")])
    func injection(_ field: (name: String, value: String)) async throws {
        let server = try ScriptedServer(answering: "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        let error = try await failure(of: server.request(fields: [field]))
        #expect(error.code == .failed)
    }

    @Test("a connection is kept for the next request, and no cookie with it")
    func keptConnection() async throws {
        let connections = Mutex(0)
        let heard = Mutex<[String]>([])
        let server = try ScriptedServer { peer in
            connections.withLock { $0 += 1 }
            while let request = peer.readRequest() {
                heard.withLock { $0.append(request) }
                peer.send("HTTP/1.1 200 OK\r\nSet-Cookie: a=b\r\nContent-Length: 0\r\n\r\n")
            }
        }
        let transport = try CurlTransport()
        for _ in 0..<3 { _ = try await transport.send(server.request()) }
        #expect(connections.withLock { $0 } == 1)
        #expect(heard.withLock { $0.count } == 3)
        #expect(!heard.withLock { $0.joined() }.lowercased().contains("cookie"))
    }
}

final class Counter: Sendable {
    private let value = Mutex(0)
    var count: Int { value.withLock { $0 } }
    func increase() { value.withLock { $0 += 1 } }
}
