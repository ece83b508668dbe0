import FoundationEssentials
import HTTPMessages
import JOSE
import OpenIDConnect
import Sessions
import TestSupport
import Testing
import WebLogin

/// The development provider with a key of its own for logout tokens, which it publishes beside its others, and two
/// machines of the application.
final class LogoutProvider: Sendable {
    let world: World
    let rsaKey: SigningKey
    /// Whether ID Tokens lack `sid` from now on.
    let leavesOutSessionID = Mutexed(false)
    private let key: SigningKey
    private let tokens = Mutexed(0)

    init(
        store: (any SessionStore)? = nil, clock: Mutexed<Date> = Mutexed(Date(timeIntervalSince1970: 1_800_000_000)),
        configure: (inout ProviderRegistration) -> Void = { _ in }
    ) throws {
        let key = try SigningKey.generate(.es256, keyID: "logout")
        let rsaKey = try SigningKey.generate(.rs256, keyID: "logout-rsa")
        (self.key, self.rsaKey) = (key, rsaKey)
        world = try World(store: store, clock: clock, machines: 2, configure: configure)
        let published = [key.publicJWK, rsaKey.publicJWK].map { JWKSet(keys: [$0]).json["keys"]?.array?.first ?? .null }
        let leavesOutSessionID = leavesOutSessionID
        world.alteration.value = { request, answer in
            guard var object = try? JSONObject(parsing: answer.body) else { return answer }
            switch request.url.path {
            case "/jwks": object["keys"] = .array((object["keys"]?.array ?? []) + published)
            case "/token" where leavesOutSessionID.value:
                guard let token = object["id_token"]?.string,
                    let bytes = try? Base64URL.decode(String(token.split(separator: ".")[1])),
                    var claims = try? JSONObject(parsing: bytes)
                else { return answer }
                claims["sid"] = nil
                object["id_token"] = (try? key.sign(payload: JSONValue.object(claims).serialized(), type: nil)).map {
                    .string($0)
                }
            default: return answer
            }
            return .json(JSONValue.object(object).text)
        }
    }

    /// The claims of a logout token that is right but for what is changed.
    func claims(_ claims: JSONObject, change: (inout JSONObject) -> Void = { _ in }) -> JSONObject {
        let now = Int64(world.clock.value.timeIntervalSince1970)
        let number = tokens.change { number in
            number += 1
            return number
        }
        var object: JSONObject = [
            "iss": .string(World.providerOrigin), "aud": "app", "iat": .number(JSONNumber(now)),
            "exp": .number(JSONNumber(now + 120)), "jti": .string("token-\(number)"),
            "events": ["http://schemas.openid.net/event/backchannel-logout": [:]],
        ]
        for member in claims.members { object[member.name] = member.value }
        change(&object)
        return object
    }

    func token(_ claims: JSONObject, change: (inout JSONObject) -> Void = { _ in }) throws -> String {
        let payload = JSONValue.object(self.claims(claims, change: change)).serialized()
        return try key.sign(payload: payload, type: "logout+jwt")
    }

    /// Sends a logout token about a session that nobody has, unless told otherwise.
    func send(
        _ claims: JSONObject = ["sid": "nobody's"], extra: [(String, String)] = [],
        change: (inout JSONObject) -> Void = { _ in }
    ) async throws -> HTTPResponse {
        var form = FormParameters()
        form.append("logout_token", try token(claims, change: change))
        for (name, value) in extra { form.append(name, value) }
        return try await post(form.encoded)
    }

    func post(
        _ body: String, type: String = "application/x-www-form-urlencoded", machine: Int = 0
    ) async throws -> HTTPResponse {
        var fields = HTTPFields()
        fields.append(.contentType, type)
        let request = try #require(
            HTTPRequest(method: .post, target: "/external-logout", fields: fields, body: Array(body.utf8)))
        return await world.answer(request, at: World.applicationOrigin, machine: machine)
    }

    func subject(of browser: PlayedBrowser) async throws -> String {
        String(try await browser.text("/").prefix { $0 != " " })
    }

    /// The `sid` of a browser's session, from the ID Token with which its logout would go to the provider.
    func sessionID(of browser: PlayedBrowser) async throws -> String {
        let answer = try await browser.send("/sid")
        return String(decoding: answer.body, as: UTF8.self)
    }
}
