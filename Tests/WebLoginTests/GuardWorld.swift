import FoundationEssentials
import HTTPMessages
import JOSE
import OpenIDConnect
import TestSupport
import Testing
import WebLogin

/// An application with guarded pages, and a provider whose ID Tokens say what the test wants.
final class GuardWorld: Sendable {
    let world: World
    /// What becomes of the ID Token's claims, which are signed again then.
    let claims = Mutexed<(@Sendable (inout JSONObject) -> Void)?>(nil)
    private let key: SigningKey

    init(
        providers: [String] = ["oidc_entry"], configure: (inout ProviderRegistration) -> Void = { _ in },
        routes: (WebLogin, inout Router) -> Void = { _, _ in }
    ) throws {
        let key = try SigningKey.generate(.es256, keyID: "guards")
        self.key = key
        world = try World(providers: providers, configure: configure) { login, router in
            let show: UserHandler = { _, user in .text("seen by \(user.name ?? "")") }
            router.add(.get, "/in", login.requireLogin(show))
            router.add(.get, "/admin", login.requireRole("admin", show))
            router.add(.post, "/admin", login.requireRole("admin", show))
            router.add(.get, "/ada", login.requireClaim("preferred_username", equals: "ada", show))
            router.add(.get, "/fresh", login.requireLogin(within: 300, show))
            router.add(.post, "/fresh", login.requireLogin(within: 300, show))
            router.add(.get, "/gold", login.requireACR("gold", "silver", handler: show))
            if let two = ProviderName("two") { router.add(.get, "/two", login.require(.provider(two), show)) }
            let both: Requirement = .all([.role("admin"), .acr(["gold"]), .authenticatedWithin(seconds: 60)])
            router.add(.get, "/both", login.require(both, show))
            router.add(.get, "/never", login.require(.all([.acr(["a"]), .acr(["b"])]), show))
            routes(login, &router)
        }
        let published = JWKSet(keys: [key.publicJWK]).json["keys"]?.array ?? []
        let claims = claims
        world.alteration.value = { request, answer in
            guard let change = claims.value, var object = try? JSONObject(parsing: answer.body) else { return answer }
            switch request.url.path {
            case "/jwks": object["keys"] = .array((object["keys"]?.array ?? []) + published)
            case "/token":
                guard let token = object["id_token"]?.string,
                    let bytes = try? Base64URL.decode(String(token.split(separator: ".")[1])),
                    var payload = try? JSONObject(parsing: bytes)
                else { return answer }
                change(&payload)
                let signed = try? key.sign(payload: JSONValue.object(payload).serialized(), type: nil)
                object["id_token"] = signed.map { .string($0) }
            default: return answer
            }
            return .json(JSONValue.object(object).text)
        }
    }
}
