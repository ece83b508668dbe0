import HTTPMessages
import JOSE
import MisbehavingProvider
import ProgramSupport

extension Row {
    /// Logins in another way than the usual one: by form post, from another site's link, with another proof of the client,
    /// with the access token in a form, with a signed UserInfo.
    static let otherWays = formPost + initiated + proofs + userInfoForms

    /// The plan of the conformance suite for form post, and every wrong response once more by form.
    private static let formPost =
        (basic + responses).map { posted($0).named("form post: \($0.name)") } + [
            posted(
                refuse(
                    "oidcc-client-test-form-post-error",
                    .response("code", nil) + .response("error", "login_required"),
                    "authorizationResponse.error.login_required")),
            posted(refuse("form post: the code comes by the query", .posting(false), "authorizationResponse.form")),
            refuse("form post that nobody asked for", .posting(true), "authorizationResponse.form"),
        ]

    private static func posted(_ row: Row) -> Row { row.set(["RESPONSE_MODE": "form_post"]) }

    private static func initiate(_ app: DemoApp, issuer: String, target: String) -> String {
        "/login?iss=\(FormEncoding.encode(issuer))&login_hint=ada%40wire.example"
            + "&target_link_uri=\(FormEncoding.encode(target))"
    }

    private static let initiated = [
        accept("oidcc-client-test-3rd-party-init-login", .none)
            .beginning { initiate($0, issuer: $0.provider.issuer, target: $0.origin + "/") },
        refuse("initiated by an issuer that is not registered", .none, "login.provider").asking([])
            .beginning { initiate($0, issuer: "https://evil.example", target: $0.origin + "/") },
        refuse("initiated with the target at another site", .none, "login.next").asking([])
            .beginning { initiate($0, issuer: $0.provider.issuer, target: "https://evil.example/") },
    ]

    /// The client's key, in a file for as long as the tests run.
    private static let client: (key: SigningKey, file: Scratch, path: String)? = {
        guard let key = try? SigningKey.generate(.es256, keyID: "client-key"), let members = try? key.privateMembers,
            let file = try? Scratch(), let path = try? file.write(JSONValue.object(members).text, to: "key.json")
        else { return nil }
        return (key, file, path)
    }()

    private static let proofs: [Row] = {
        guard let client else { return [] }
        let byKey = ["TOKEN_ENDPOINT_AUTH_METHOD": "private_key_jwt", "CLIENT_KEY_FILE": client.path]
        let bySecret = ["TOKEN_ENDPOINT_AUTH_METHOD": "client_secret_jwt"]
        let known = Misbehaviour.client(provenBy: client.key.publicJWK)
        let secret = Misbehaviour.client(provenBy: .symmetric(Array(DemoApp.secret.utf8)))
        return [
            accept("private_key_jwt", known).set(byKey),
            accept("private_key_jwt twice, each assertion another", known).set(byKey)
                .logins(2, asking: Row.way + [.authorize, .token, .userInfo]),
            accept("client_secret_jwt", secret).set(bySecret),
            refuse("private_key_jwt with a key that is not registered", secret, "tokenResponse.error.invalid_client")
                .set(byKey).breaking(),
            refuse(
                "private_key_jwt where the provider does not take the algorithm",
                known + .metadata("token_endpoint_auth_signing_alg_values_supported", ["PS256"]), "metadata.supported"
            ).set(byKey).asking([.discovery, .authorize]),
        ]
    }()

    private static let userInfoForms = [
        accept("oidcc-client-test-userinfo-bearer-body", .takingTokensInForms).set(["USERINFO": "form"]),
        accept("UserInfo as a JWT", .signedUserInfo { $0.keys.rsa }),
        accept("UserInfo as a JWT, demanded", .signedUserInfo { $0.keys.ec })
            .set(["USERINFO_SIGNED_RESPONSE_ALG": "ES256"]),
        refuse("UserInfo as a JWT by a stranger", .signedUserInfo { $0.generations[2].rsa }, "userInfo.signature")
            .asking(way + [.keys]),
        refuse("UserInfo as a JWT by another algorithm", .signedUserInfo { $0.keys.rsa }, "userInfo.signature")
            .set(["USERINFO_SIGNED_RESPONSE_ALG": "ES256"]),
        refuse("UserInfo as plain JSON where a JWT is demanded", .none, "userInfo.signature")
            .set(["USERINFO_SIGNED_RESPONSE_ALG": "RS256"]),
        refuse(
            "UserInfo as a JWT of another issuer",
            .userInfo("iss", "https://evil.example") + .signedUserInfo { $0.keys.rsa }, "userInfo.signature"),
        refuse(
            "UserInfo as a JWT for another client",
            .userInfo("aud", "another") + .signedUserInfo { $0.keys.rsa }, "userInfo.signature"),
        refuse(
            "UserInfo as a JWT about somebody else",
            .userInfo("sub", "somebody else") + .signedUserInfo { $0.keys.rsa }, "userInfo.subject"),
        accept("ES256K where it is asked for", .offering(["ES256K"]) + .signedOnSecp256k1)
            .set(["ID_TOKEN_SIGNED_RESPONSE_ALG": "ES256K"]),
        refuse("ES256K where it is not", .offering(["ES256K", "RS256"]) + .signedOnSecp256k1, "idToken.algorithm"),
    ]
}
