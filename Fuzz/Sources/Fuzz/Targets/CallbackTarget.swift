import HTTPMessages
import JOSE
import OpenIDConnect
import Sessions
import Synchronization
import WebLogin

/// All routes of ``WebLogin``, the callback above all: no request brings it down, and no login ends without its cookie.
///
/// An input is a request: a line with the method and the target, then fields, then an empty line and the body. `$STATE`
/// stands for the state of a login under way, `$LOGIN` for its sealed cookie, `$POSTED` for an answer that came by form post.
struct CallbackTarget: FuzzTarget {
    private let transaction: String
    private let posted: String

    init() throws {
        transaction = try TransactionTarget.seal(TransactionTarget.genuine)
        let answer = Array("code=\(Known.code)&state=\(Known.state)".utf8)
        posted = try Known.secretKeys().seal(answer, purpose: "oidc posted answer 1")
    }

    func run(_ input: [UInt8]) throws {
        try checkParameters(input)
        let hasCookie = input.text.contains("$LOGIN")
        let text = input.text.replacing("$STATE", with: Known.state).replacing("$LOGIN", with: transaction)
            .replacing("$POSTED", with: posted)
        guard let request = Self.request(text) else { return }
        let finished = Finished()
        let application = try Known.application { event in
            if case .finished = event { finished.value.withLock { $0 = true } }
        }
        let router = Self.router(application)
        let response = try wait { await router.respond(to: request) }
        try Self.check(response, to: input)
        if finished.value.withLock({ $0 }) { try demand(hasCookie, "no login ends without its cookie") }
    }

    /// The two readers of parameters agree, and what they read can be written.
    private func checkParameters(_ input: [UInt8]) throws {
        guard let read = try? FormParameters(parsing: input) else { return }
        if let again = try? FormParameters(parsing: read.encoded) {
            try demand(again == read, "parameters read back")
        } else {
            // What is escaped is up to three times as long.
            try demand(read.encoded.utf8.count > FormParameters.maximumByteCount, "what was read can be written")
        }
        let parameters = read.parameters.map { ($0.name, $0.value) }
        guard let response = try? AuthorizationResponse(parameters: parameters) else { return }
        try demand(read["state"] == response.state.string, "the state is the one that came")
        try demand((read["code"] == nil) != (read["error"] == nil), "a code or an error")
    }

    static func request(_ text: String) -> HTTPRequest? {
        let parts = text.split(separator: "\n\n", maxSplits: 1).map(String.init)
        let lines = (parts.first ?? "").split(separator: "\n").map(String.init)
        let start = (lines.first ?? "").split(separator: " ", maxSplits: 1).map(String.init)
        guard start.count == 2, let method = HTTPMethod(rawValue: start[0]) else { return nil }
        var fields = HTTPFields()
        for line in lines.dropFirst() {
            let field = line.split(separator: ":", maxSplits: 1).map(String.init)
            guard field.count == 2, let name = HTTPFields.Name(field[0]) else { continue }
            fields.append(name, String(field[1].drop { $0 == " " }))
        }
        let body = parts.count > 1 ? Array(parts[1].utf8) : []
        return HTTPRequest(method: method, target: start[1], fields: fields, body: body)
    }

    static func router(_ application: WebLogin) -> Router {
        var router = Router()
        application.mount(on: &router)
        router.add(.get, "/*") { application.loginRequired($0) }
        return router
    }

    /// What every answer of the application has, whatever the input.
    static func check(_ response: HTTPResponse, to input: [UInt8]) throws {
        try demand((200..<600).contains(response.status) && response.status != 500, "status \(response.status)")
        let page = response.body.text
        try demand(!page.contains("<script") && !page.contains("<img"), "no markup of others: \(page)")
        for secret in Known.secrets where !input.text.contains(bytesOf: secret) {
            try demand(!page.contains(bytesOf: secret), "no page says a secret")
        }
        for field in response.fields.lines {
            try demand(field.value.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F }, "no field ends its line")
        }
        guard let location = response.fields[.location] else { return }
        let isProvider = location.hasPrefix("https://op.example/")
        try demand(isProvider || isLocal(location), "\(location) is the provider, or a path")
    }

    /// Whether a browser stays at the application.
    static func isLocal(_ location: String) -> Bool {
        let head = location.utf8.prefix(2)
        return head.first == UInt8(ascii: "/") && !["//", "/\\"].contains(String(decoding: head, as: UTF8.self))
            && location.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "\\") }
    }
}

private final class Finished: Sendable {
    let value = Mutex(false)
}
