import OpenIDConnect
import Testing

@Suite struct ProviderKindTests {
    @Test(
        "A provider is known by its issuer",
        arguments: [
            ("https://accounts.google.com", ProviderKind.google),
            ("https://sso.example.org/realms/staff", .keycloak),
            ("https://sso.example.org/auth/realms/staff", .keycloak),
            ("https://login.microsoftonline.com/9188040d-6c67-4c5b-b112-36a304b66dad/v2.0", .entra),
            ("https://sts.windows.net/9188040d-6c67-4c5b-b112-36a304b66dad/", .entra),
            ("https://appleid.apple.com", .apple),
            ("https://dev-1.okta.com", .okta),
            ("https://dev-1.okta.com/oauth2/default", .okta),
            ("https://dev-1.oktapreview.com", .okta),
            ("https://tenant.eu.auth0.com/", .auth0),
            ("https://login.aai.lifescience-ri.eu/oidc/", .lsLogin),
            ("https://gitlab.com", .gitLab),
            ("https://login.example.org", .other),
            // Hosts that only look alike.
            ("https://accounts.google.com.example.org", .other),
            ("https://notokta.com", .other),
            ("https://evilauth0.com/", .other),
            ("https://example.org/login.microsoftonline.com/v2.0", .other),
        ])
    func byIssuer(_ text: String, _ kind: ProviderKind) throws {
        #expect(ProviderKind(issuer: try #require(Issuer(text))) == kind)
    }

    @Test("A GitLab or a Keycloak at a host of one's own is known by its metadata")
    func byMetadata() throws {
        func kind(authorizing path: String, claims: String) throws -> ProviderKind {
            let issuer = try #require(Issuer("https://git.example.org"))
            let document = """
                {"issuer":"https://git.example.org","authorization_endpoint":"https://git.example.org\(path)",
                "token_endpoint":"https://git.example.org/t","jwks_uri":"https://git.example.org/k",
                "claims_supported":[\(claims)]}
                """
            return ProviderKind(metadata: try ProviderMetadata(parsing: Array(document.utf8), issuedBy: [issuer]))
        }
        #expect(try kind(authorizing: "/oauth/authorize", claims: #""sub","groups_direct""#) == .gitLab)
        #expect(try kind(authorizing: "/x", claims: #""https://gitlab.org/claims/groups/owner""#) == .gitLab)
        #expect(try kind(authorizing: "/oauth/authorize", claims: #""sub""#) == .other)
        #expect(try kind(authorizing: "/protocol/openid-connect/auth", claims: "") == .keycloak)
        #expect(try kind(authorizing: "/x", claims: #""groups_direct""#) == .other)
    }

    @Test("Each kind has a name for settings, read in any case")
    func names() {
        for kind in ProviderKind.allCases { #expect(ProviderKind(named: kind.rawValue.uppercased()) == kind) }
        #expect(ProviderKind(named: "azure") == nil)
        #expect(ProviderKind.other.title == nil)
    }
}
