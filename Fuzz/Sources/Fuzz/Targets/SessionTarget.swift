import FoundationEssentials
import HTTPMessages
import JOSE
import OpenIDConnect
import Sessions
import WebLogin

/// What a sealed session may hold: as a store encodes it, and as ``WebLogin`` does.
struct SessionTarget: FuzzTarget {
    private let keys: SecretKeys
    private let store: CookieSessionStore
    private let application: WebLogin

    init() throws {
        keys = try Known.secretKeys()
        store = CookieSessionStore(keys: keys, shared: MemorySharedValues(now: { Known.now }), now: { Known.now })
        application = try Known.application()
    }

    func run(_ input: [UInt8]) throws {
        // As the store's encoding.
        if let token = SessionToken(try keys.seal(input, purpose: "session cookie 1")) {
            if let session = try wait({ [store] in try await store.load(token) }) { try check(session) }
            _ = try visit(token, of: input)
        }
        // As the payload of a session that is well encoded.
        let session = Session(payload: input, createdAt: Known.now, expiresAt: Known.now.addingTimeInterval(60))
        guard let token = try? wait({ [store] in try await store.create(session) }) else { return }
        if let user = try visit(token, of: input) {
            let payload = try JSONValue.parse(input, maximumDepth: 40).object
            try demand(payload?["login"]?.object?["sub"] == .string(user.subject.string), "the user is the session's")
        }
        try check(session)
    }

    private func check(_ session: Session) throws {
        let read = try wait { [store] in
            guard let token = try? await store.create(session) else { return session as Session? }
            return try await store.load(token)
        }
        try demand(read == session, "a session reads back")
    }

    /// The user of a request with the token, in as many cookies as it needs, and whether they can log out.
    private func visit(_ token: SessionToken, of input: [UInt8]) throws -> LoginSession? {
        let fields: HTTPFields = [.cookie: CookiesTarget.cookies(token.string), .secFetchSite: "same-origin"]
        let request = try known(HTTPRequest(method: .post, target: "/logout", fields: fields))
        let router = CallbackTarget.router(application)
        try CallbackTarget.check(try wait { await router.respond(to: request) }, to: input)
        return try wait { [application] in try await application.session(of: request) }
    }
}
