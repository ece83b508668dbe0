import Foundation
import HTTPMessages
import OpenIDConnect
import Sessions
import Synchronization
import WebLogin

/// An application with logins at ``InMemoryProvider``, and a browser for it.
package struct InMemoryApplication: Sendable {
    private static let url = "https://rp.example"

    /// What answers requests.
    package let router: Router
    private let lastFailure: LastFailure

    /// An application with so many providers, `p0`, `p1` and so on.
    package init(
        providers count: Int = 1, at provider: InMemoryProvider, sessions: any SessionStore, keys: SecretKeys,
        now: @escaping @Sendable () -> Date
    ) throws {
        let lastFailure = LastFailure()
        self.lastFailure = lastFailure
        let login = try WebLogin(
            publicURL: Self.url, secretKeys: keys, sessions: sessions, transport: provider, now: now,
            report: { event in
                if case .failed(let failure) = event {
                    lastFailure.value.withLock {
                        $0 = [failure.summary, failure.actual].compactMap(\.self).joined(separator: " ")
                    }
                }
            })
        for number in 0..<count {
            try login.register(
                "p\(number)", clientID: InMemoryProvider.clientID, clientSecret: InMemoryProvider.clientSecret,
                serverMetadataURL: "https://p\(number).example/.well-known/openid-configuration")
        }
        var router = Router()
        login.mount(on: &router)
        router.add(.get, "/") { request in
            guard let user = try? await login.session(of: request) else { return login.loginRequired(request) }
            return .html("<!DOCTYPE html><title>Start</title><p>Hello, \(user.name ?? user.subject.string)</p>")
        }
        self.router = router
    }

    /// A browser's request for a page; `cookies` as in its `Cookie` line.
    package static func request(_ target: String, cookies: String? = nil) throws -> HTTPRequest {
        var fields: HTTPFields = [
            .host: "rp.example",
            .userAgent: "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
            .accept: "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
            .acceptLanguage: "en-GB,en;q=0.5", .secFetchDest: "document", .secFetchMode: "navigate",
            .secFetchSite: "same-origin",
        ]
        if let cookies { fields.append(.cookie, cookies) }
        return try known(HTTPRequest(method: .get, target: target, fields: fields), "request for \(target)")
    }

    /// Begins a login, and has the user log in at the provider: the request that the browser comes back with.
    package func callback(fromProvider number: Int = 0) async throws -> HTTPRequest {
        let answer = await router.respond(to: try Self.request("/login?provider=p\(number)"))
        let address = try known(answer.fields[.location], "redirect to the provider: \(answer.status)")
        let query = try FormParameters(parsing: address.drop { $0 != "?" }.dropFirst())
        let nonce = try known(query["nonce"], "nonce")
        let state = try known(query["state"], "state")
        let path = "/login/authorize" + (number == 0 ? "" : "/p\(number)")
        return try Self.request("\(path)?code=\(nonce)&state=\(state)", cookies: Self.cookies(of: answer))
    }

    /// Comes back from the provider: the request of the start page by the user who is signed in then.
    ///
    /// Throws what stands in the way, in words.
    @discardableResult
    package func finish(_ callback: HTTPRequest) async throws -> HTTPRequest {
        let answer = await router.respond(to: callback)
        guard answer.status == 303 else {
            throw BenchmarkError(lastFailure.value.withLock { $0 } ?? "status \(answer.status)")
        }
        return try Self.request("/", cookies: Self.cookies(of: answer))
    }

    /// Sends a request, whose answer has to have the status.
    package func send(_ request: HTTPRequest, expecting status: Int = 200) async throws {
        let answer = await router.respond(to: request)
        guard answer.status == status else { throw BenchmarkError("status \(answer.status) from \(request.path)") }
    }

    private static func cookies(of answer: HTTPResponse) -> String {
        answer.fields.values(.setCookie).filter { !$0.contains("Max-Age=0") }
            .map { String($0.prefix { $0 != ";" }) }.joined(separator: "; ")
    }
}

private final class LastFailure: Sendable {
    let value = Mutex<String?>(nil)
}
