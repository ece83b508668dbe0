import JOSE
import MisbehavingProvider

/// What a provider of the OpenID Foundation's conformance suite looks like: an issuer with a path and a slash at its end.
private let official = Misbehaviour.issuer(path: "/test/a/wire/")

extension Row {
    /// The modules of the conformance suite for relying parties, by their official names: those that the provider plays
    /// over the wire. A module tells by requests alone whether it has passed; here the app's own words count as well.
    static let modules: [Row] = basic + configuration

    private static func accepting(_ name: String, _ misbehaviour: Misbehaviour = .none) -> Row {
        accept(name, official + misbehaviour)
    }

    private static func refusing(_ name: String, _ misbehaviour: Misbehaviour, _ rule: String) -> Row {
        refuse(name, official + misbehaviour, rule)
    }

    private static let basic = [
        accepting("oidcc-client-test"),
        refusing("oidcc-client-test-invalid-iss", .claim("iss", appending: "1"), "idToken.issuer"),
        refusing("oidcc-client-test-missing-sub", .claim("sub", nil), "idToken.subject"),
        refusing("oidcc-client-test-invalid-aud", .claim("aud", appending: "1"), "idToken.audience"),
        refusing("oidcc-client-test-missing-iat", .claim("iat", nil), "idToken.issuedAt"),
        accepting("oidcc-client-test-kid-absent-single-jwks", .header("kid", nil) + .oneKeyOfEachKind),
        accepting("oidcc-client-test-kid-absent-multiple-jwks", .header("kid", nil)),
        accepting(
            "oidcc-client-test-idtoken-sig-rs256", .metadata("id_token_signing_alg_values_supported", ["RS256"])),
        // A module that may be skipped: the official verdict on a refusal is SKIPPED.
        refusing(
            "oidcc-client-test-idtoken-sig-none", .unsigned("none"), "idToken.algorithm"),
        refusing("oidcc-client-test-invalid-sig-rs256", .brokenSignature, "idToken.signature"),
        refusing("oidcc-client-test-userinfo-invalid-sub", .userInfo("sub", "another-subject"), "userInfo.subject"),
        refusing("oidcc-client-test-nonce-invalid", .claim("nonce", appending: "1"), "idToken.nonce"),
        accepting("oidcc-client-test-scope-userinfo-claims"),
        accepting("oidcc-client-test-client-secret-basic"),
    ]

    private static let configuration = [
        accepting("oidcc-client-test-discovery-openid-config")
    ]
}
