import DevelopmentProvider
import HTTPMessages
import JOSE
import Testing

/// The application's side of the token and UserInfo endpoints.
struct Client {
    let provider: DevelopmentProvider
    /// Sent by `client_secret_basic` unless `nil`.
    var basic: (id: String, secret: String)? = ("app", Fixture.secret)

    init(_ provider: DevelopmentProvider) { self.provider = provider }

    init(_ provider: DevelopmentProvider, basic: (id: String, secret: String)?) {
        self.provider = provider
        self.basic = basic
    }

    func redeem(_ code: String, _ changes: KeyValuePairs<String, String?> = [:]) async throws -> HTTPResponse {
        try await send(
            [
                "grant_type": "authorization_code", "code": code, "redirect_uri": Fixture.callback,
                "code_verifier": Fixture.verifier,
            ], changes)
    }

    func refresh(_ token: String, _ changes: KeyValuePairs<String, String?> = [:]) async throws -> HTTPResponse {
        try await send(["grant_type": "refresh_token", "refresh_token": token], changes)
    }

    func refresh(_ tokens: JSONObject, _ changes: KeyValuePairs<String, String?> = [:]) async throws -> HTTPResponse {
        try await refresh(try #require(tokens["refresh_token"]?.string), changes)
    }

    private func send(
        _ good: FormParameters, _ changes: KeyValuePairs<String, String?>
    ) async throws -> HTTPResponse {
        var form = FormParameters()
        for parameter in good.parameters where !changes.contains(where: { $0.key == parameter.name }) {
            form.append(parameter.name, parameter.value)
        }
        for (name, value) in changes {
            if let value { form.append(name, value) }
        }
        return try await send(form)
    }

    func send(_ form: FormParameters, authorization: String? = nil) async throws -> HTTPResponse {
        var request = try #require(HTTPRequest(method: .post, target: "/token"))
        request.fields.append(.contentType, "application/x-www-form-urlencoded; charset=UTF-8")
        request.body = Array(form.encoded.utf8)
        if let authorization {
            request.fields.append(.authorization, authorization)
        } else if let basic {
            request.fields.append(.authorization, Self.basic(basic.id, basic.secret))
        }
        let response = await provider.respond(to: request)
        #expect(response.fields[.cacheControl] == "no-store")
        #expect(response.fields[.contentType] == "application/json")
        return response
    }

    /// The value of the field for `client_secret_basic` (RFC 6749 §2.3.1).
    static func basic(_ id: String, _ secret: String) -> String {
        "Basic " + base64("\(FormEncoding.encode(id)):\(FormEncoding.encode(secret))")
    }

    static func base64(_ text: String) -> String {
        let encoded = Base64URL.encode(Array(text.utf8)).replacing("-", with: "+").replacing("_", with: "/")
        return encoded + String(repeating: "=", count: (4 - encoded.count % 4) % 4)
    }

    func userInfo(
        _ token: String?, method: HTTPMethod = .get, scheme: String = "Bearer"
    ) async throws -> HTTPResponse {
        var request = try #require(HTTPRequest(method: method, target: "/userinfo"))
        if let token { request.fields.append(.authorization, "\(scheme) \(token)") }
        return await provider.respond(to: request)
    }

    func userInfo(_ tokens: JSONObject) async throws -> HTTPResponse {
        try await userInfo(try #require(tokens["access_token"]?.string))
    }

    /// The claims of an ID Token whose signature fits the provider's published keys.
    func verified(
        _ tokens: JSONObject, _ algorithm: JWSAlgorithm = .es256
    ) async throws -> JSONObject {
        let request = try #require(HTTPRequest(method: .get, target: "/jwks"))
        let keys = try JWKSet(parsing: await provider.respond(to: request).body)
        let token = try JWS(compact: try #require(tokens["id_token"]?.string))
        return try JSONObject(parsing: try token.verify(using: keys, allowing: [algorithm]).bytes)
    }
}
