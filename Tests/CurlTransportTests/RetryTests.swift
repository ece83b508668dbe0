import Dispatch
import Foundation
import Glibc
import OpenIDConnect
import RawSockets
import TestSupport
import Testing

@testable import CurlTransport

let ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"

@Suite("Connections that were kept", .timeLimit(.minutes(1)))
struct RetryTests {
    @Test("serve no POST, even at once, so that none meets a closed one")
    func postHasItsOwn() async throws {
        let seen = Mutexed<[[String]]>([])
        let server = try ScriptedServer { peer in
            let number = seen.change { seen in
                seen.append([])
                return seen.count - 1
            }
            while let request = peer.readRequest() {
                let method = String(request.prefix { $0 != " " })
                seen.change { $0[number].append(method) }
                peer.send(ok)
            }
        }
        let transport = try CurlTransport()
        for method in [TransportRequest.Method.get, .post, .post, .get] {
            _ = try await transport.send(server.request(method, body: method == .post ? "code=1" : ""))
        }
        // The last GET takes one of those that are there.
        #expect(seen.value.count == 3)
        #expect(seen.value.joined().sorted() == ["GET", "GET", "POST", "POST"])
        #expect(!seen.value.contains(["GET", "POST"]) && !seen.value.contains(["POST", "POST"]))
    }

    @Test("cost no POST its answer where the server closes them at the next request")
    func postAmongClosing() async throws {
        let server = try ScriptedServer { peer in
            guard peer.readRequest() != nil else { return }
            peer.send(ok)
            _ = peer.readRequest()
        }
        let transport = try CurlTransport()
        for _ in 0..<5 {
            #expect(try await transport.send(server.request(.post, body: "code=1")).text == "ok")
        }
    }

    @Test("that all end without an answer cost a GET one repetition, on a new one", arguments: [false, true])
    func manyClosed(_ isReset: Bool) async throws {
        let heard = Counter()
        let opened = Mutexed(0)
        let all = DispatchGroup()
        for _ in 0..<5 { all.enter() }
        let server = try ScriptedServer { peer in
            guard peer.readRequest() != nil else { return }
            let number = opened.change { opened in
                opened += 1
                return opened
            }
            // The five that wait for each other have a connection each.
            if number <= 5 {
                all.leave()
                all.wait()
            }
            peer.send(ok)
            guard peer.readRequest() != nil else { return }
            heard.increase()
            if isReset { peer.reset() }
        }
        let transport = try CurlTransport()
        try await withThrowingTaskGroup { group in
            for _ in 0..<5 { group.addTask { _ = try await transport.send(server.request()) } }
            try await group.waitForAll()
        }
        #expect(try await transport.send(server.request()).text == "ok")
        #expect(heard.count == 1)
    }

    @Test("that lead nowhere any more cost one GET a quarter of its time, the next ones and a POST nothing")
    func halfOpen() async throws {
        let silent = Counter()
        let (opened, all) = (Mutexed(0), DispatchGroup())
        for _ in 0..<5 { all.enter() }
        let server = try ScriptedServer { peer in
            guard peer.readRequest() != nil else { return }
            let number = opened.change { opened in
                opened += 1
                return opened
            }
            // The five that wait for each other have a connection each.
            if number <= 5 {
                all.leave()
                all.wait()
            }
            peer.send(ok)
            while peer.readRequest() != nil {
                if number <= 5 {
                    silent.increase()
                    peer.waitForEnd()
                } else {
                    peer.send(ok)
                }
            }
        }
        let transport = try CurlTransport()
        let limits = TransportRequest.Limits(total: .seconds(2))
        try await withThrowingTaskGroup { group in
            for _ in 0..<5 { group.addTask { _ = try await transport.send(server.request()) } }
            try await group.waitForAll()
        }
        for method in [TransportRequest.Method.post, .get, .get, .post, .get] {
            let request = try server.request(method, body: method == .post ? "code=1" : "", limits: limits)
            #expect(try await transport.send(request).text == "ok")
        }
        #expect(silent.count <= 1)
    }

    @Test("no answer on a new one is the end: a POST is sent once, a GET on a kept one twice")
    func once() async throws {
        for (method, count) in [(TransportRequest.Method.get, 2), (.post, 1)] {
            let seen = Mutexed<[String]>([])
            let server = try ScriptedServer { peer in
                while let request = peer.readRequest() {
                    let path = String(request.split(separator: " ")[1])
                    seen.value += [path]
                    if path == "/second" { return }
                    peer.send(ok)
                }
            }
            let transport = try CurlTransport()
            _ = try await transport.send(server.request(.get, "/first"))
            let second = try server.request(method, "/second", body: method == .post ? "code=1" : "")
            await #expect(throws: TransportError(.truncated, origin: "", detail: "")) {
                try await transport.send(second)
            }
            #expect(seen.value == ["/first"] + [String](repeating: "/second", count: count), "\(method)")
        }
    }

    @Test("a GET of whose answer there is a byte is not sent again")
    func partOfAnAnswer() async throws {
        let heard = Counter()
        let server = try ScriptedServer { peer in
            while peer.readRequest() != nil {
                heard.increase()
                if heard.count == 2 {
                    peer.send("HTTP/1.1 200 OK\r\nContent-Le")
                    return
                }
                peer.send(ok)
            }
        }
        let transport = try CurlTransport()
        _ = try await transport.send(server.request())
        await #expect(throws: TransportError(.truncated, origin: "", detail: "")) {
            try await transport.send(server.request())
        }
        #expect(heard.count == 2)
    }
}

@Suite("TLS connections", .enabled(if: TLSServer.isPossible, "needs the openssl command"), .timeLimit(.minutes(1)))
struct KeptTLSTests {
    @Test("whose close_notify nobody has read serve no POST, and the next resumes the session")
    func closeNotify() async throws {
        let server = try TLSServer(for: "IP:127.0.0.1", mode: .dialogue)
        let transport = try CurlTransport(configuration: .init(authorities: .file(server.certificate.path)))
        for (method, path) in [(TransportRequest.Method.get, "/one"), (.post, "/two"), (.post, "/three")] {
            let request = try server.request(method, path, body: method == .post ? "code=1" : "")
            let answer = Task { try await transport.send(request) }
            if path != "/one" { try server.wait(for: "Reused session-id") }
            try server.wait(for: "\(method.rawValue) \(path) ")
            // The body comes in a record of its own.
            try server.wait(for: method == .post ? "code=1" : "Host:")
            server.send(ok)
            #expect(try await answer.value.text == "ok")
            try server.closeConnection()
        }
    }
}

@Suite("A host's known address")
struct KnownAddressTests {
    @Test("is looked up again where it leads to no connection, once, and at once")
    func lookedUpAgain() async throws {
        let opened = Counter()
        let server = try ScriptedServer { peer in
            opened.increase()
            // The first byte of a TLS handshake is no letter.
            guard let bytes = peer.receive(), bytes.first == UInt8(ascii: "G") else { return }
            peer.send("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok")
        }
        let transport = try CurlTransport()
        func attempts(_ method: TransportRequest.Method) async throws -> Int {
            let before = opened.count
            let request = try server.request(method, scheme: "https", body: method == .post ? "code=1" : "")
            await #expect(throws: TransportError.self) { try await transport.send(request) }
            return opened.count - before
        }
        #expect(try await attempts(.post) == 1, "what was looked up just now is not looked up again")
        for method in [TransportRequest.Method.get, .post] {
            _ = try await transport.send(server.request())
            #expect(try await attempts(method) == 2, "\(method): nothing was sent, so that even a POST may be")
            #expect(try await attempts(method) == 1, "what failed is known no longer")
        }
    }

    @Test("is taken for granted for ten seconds, whatever other hosts do")
    func lifetime() {
        let start = ContinuousClock.now
        var hosts = KnownHosts()
        #expect(!hosts.isAddressKnown(of: "idp.example", at: start))
        hosts.noteLookup(of: "idp.example", at: start)
        hosts.noteLookup(of: "other.example", at: start + .seconds(9))
        #expect(hosts.isAddressKnown(of: "idp.example", at: start + .seconds(9)))
        #expect(!hosts.isAddressKnown(of: "idp.example", at: start + .seconds(10)))
        #expect(hosts.isAddressKnown(of: "other.example", at: start + .seconds(10)))
        hosts.forgetAddress(of: "other.example")
        #expect(!hosts.isAddressKnown(of: "other.example", at: start + .seconds(10)))
    }

    @Test("and its kept connections are left alone for two seconds after one led nowhere")
    func distrust() throws {
        let start = ContinuousClock.now
        let url = try #require(EndpointURL("https://idp.example/"))
        let request = TransportRequest(method: .get, url: url)
        var hosts = KnownHosts()
        #expect(!Attempt(request, hosts, at: start).opensConnection)
        hosts.distrustConnections(to: "idp.example", at: start)
        hosts.distrustConnections(to: "other.example", at: start + .seconds(1))
        #expect(Attempt(request, hosts, at: start + .seconds(1)).opensConnection)
        #expect(!Attempt(request, hosts, at: start + .seconds(2)).opensConnection)
        #expect(!hosts.areConnectionsTrusted(to: "other.example", at: start + .seconds(2)))
    }
}

@Suite("Descriptors that have run out")
struct DescriptorTests {
    @Test("are named, and not the server blamed, which is not asked")
    func named() async {
        await #expect(processExitsWith: .success) {
            let server = try ScriptedServer(answering: ok)
            let transport = try CurlTransport()
            _ = try await transport.send(server.request())
            var limit = rlimit(rlim_cur: 64, rlim_max: 64)
            setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
            var taken: [Int32] = []
            while case let descriptor = dup(0), descriptor >= 0 { taken.append(descriptor) }
            let full = await #expect(throws: TransportError.self) {
                try await transport.send(server.request(.post, body: "code=1"))
            }
            #expect(full?.code == .tooManyOpenFiles)
            #expect(full?.detail.contains("EMFILE") == true)
            for descriptor in taken { close(descriptor) }
            #expect(try await transport.send(server.request(.post, body: "code=1")).text == "ok")
        }
    }
}
