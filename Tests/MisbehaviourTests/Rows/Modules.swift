import JOSE
import MisbehavingProvider

extension Row {
    /// The modules of the conformance suite for relying parties, by their official names: those that the provider plays
    /// over the wire. A module tells by requests alone whether it has passed; here the app's own words count as well.
    static let modules = basic + configuration + comprehensive

    /// What a provider of the suite looks like: an issuer with a path and a slash at its end.
    private static let official = Misbehaviour.issuer(path: "/test/a/wire/")

    private static func accepting(_ name: String, _ misbehaviour: Misbehaviour = .none) -> Row {
        accept("oidcc-client-test" + name, official + misbehaviour)
    }

    private static func refusing(_ name: String, _ misbehaviour: Misbehaviour, _ rule: String) -> Row {
        refuse("oidcc-client-test" + name, official + misbehaviour, rule)
    }

    static let basic = [
        accepting(""),
        refusing("-invalid-iss", .claim("iss", appending: "1"), "idToken.issuer"),
        refusing("-missing-sub", .claim("sub", nil), "idToken.subject"),
        refusing("-invalid-aud", .claim("aud", appending: "1"), "idToken.audience"),
        refusing("-missing-iat", .claim("iat", nil), "idToken.issuedAt"),
        accepting("-kid-absent-single-jwks", .header("kid", nil) + .oneKeyOfEachKind),
        accepting("-kid-absent-multiple-jwks", .header("kid", nil)),
        accepting("-idtoken-sig-rs256", .offering(["RS256"])),
        // May be skipped: who refuses gets SKIPPED for an official verdict.
        refusing("-idtoken-sig-none", .unsigned("none"), "idToken.algorithm"),
        refusing("-invalid-sig-rs256", .brokenSignature, "idToken.signature"),
        refusing("-userinfo-invalid-sub", .userInfo("sub", "subject-of-the-wireinvalid"), "userInfo.subject"),
        refusing("-nonce-invalid", .claim("nonce", appending: "1"), "idToken.nonce"),
        // The provider checks the scopes of every request, and how the client proves itself.
        accepting("-scope-userinfo-claims"),
        accepting("-client-secret-basic", .metadata("token_endpoint_auth_methods_supported", ["client_secret_basic"])),
    ]

    /// The modules that end at a document go on here to the end of a login, which asks for it in the same way.
    private static let configuration = [
        accepting("-discovery-openid-config"),
        accepting(
            "-discovery-jwks-uri-keys",
            .metadata { metadata, situation in metadata["jwks_uri"] = .string(situation.origin + "/b0d7b4a8/keys") }),
        refusing("-discovery-issuer-mismatch", .metadata("issuer", appending: "INVALID"), "metadata.issuer"),
        accepting("-signing-key-rotation-just-before-signing", .rotatingBeforeSigning)
            .logins(
                2, asking: [.discovery, .authorize, .token, .keys, .userInfo, .authorize, .token, .keys, .userInfo]),
        accepting("-signing-key-rotation", .rotatingWithLogins)
            .logins(
                2, asking: [.discovery, .authorize, .token, .keys, .userInfo, .authorize, .token, .keys, .userInfo]),
    ]

    private static let comprehensive = [
        refusing("-missing-aud", .claim("aud", nil), "idToken.audience"),
        refusing(
            "-invalid-sig-hs256", .offering(["HS256"]) + .macByClientSecret + .brokenSignature, "idToken.signature"
        )
        .set(["ID_TOKEN_SIGNED_RESPONSE_ALG": "HS256"]).asking([.discovery, .authorize, .token]),
        refusing("-invalid-sig-es256", .offering(["ES256"]) + .signedByEC + .brokenSignature, "idToken.signature"),
        // The provider takes the access token in the header only.
        accepting("-userinfo-bearer-header"),
        accepting(
            "-aggregated-claims",
            .userInfo("_claim_names", ["credit_score": "agency"])
                + .userInfo("_claim_sources", ["agency": ["JWT": "eyJhbGciOiJub25lIn0.eyJjcmVkaXRfc2NvcmUiOjY1MH0."]])),
    ]
}
