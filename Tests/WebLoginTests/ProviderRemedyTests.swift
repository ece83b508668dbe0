import OpenIDConnect
import Testing
import WebLogin

@Suite("A remedy by provider")
struct ProviderRemedyTests {
    private static func failure(
        _ cause: OpenIDError.Code?, at endpoint: TransportRequest.Purpose? = nil
    ) -> LoginFailure {
        LoginFailure(
            .providerRefused, status: 400, provider: nil, summary: "", rule: cause?.name ?? "", remedy: "",
            retryPath: "/", cause: cause, endpoint: endpoint)
    }

    @Test("of a status speaks of the metadata only where they, or the keys, were asked for")
    func status() {
        for (endpoint, isTold) in [
            (TransportRequest.Purpose.metadata, true), (.keys, true), (.token, false), (.userInfo, false),
        ] {
            #expect((ProviderKind.keycloak.remedy(for: Self.failure(.status, at: endpoint)) != nil) == isTold)
        }
    }

    @Test(
        "names the place in the provider's own pages",
        arguments: [
            (ProviderKind.entra, OpenIDError.Code.tokenRequestRefused(.invalidClient), "Secret ID"),
            (.entra, .metadataIssuer, "/v2.0"),
            (.entra, .idToken(.requiredClaims), "ALLOWED_TENANTS"),
            (.keycloak, .idToken(.issuer), "hostname"),
            (.keycloak, .idToken(.additionalAudiences), "Audience"),
            (.keycloak, .tokenRequestRefused(.invalidClient), "Credentials"),
            (.google, .authorizationRefused(.accessDenied), "Test users"),
            (.google, .authorizationRefused(.invalidScope), "roles"),
            (.google, .idToken(.requiredClaims), "HOSTED_DOMAIN"),
            (.apple, .tokenRequestRefused(.invalidClient), "Services ID"),
            (.okta, .authorizationRefused(.accessDenied), "Assignments"),
            (.auth0, .idToken(.algorithm), "RS256"),
            (.auth0, .metadataIssuer, "slash"),
            (.gitLab, .idToken(.present), "openid"),
            (.lsLogin, .metadataIssuer, "with the slash"),
        ])
    func named(_ kind: ProviderKind, _ cause: OpenIDError.Code, _ words: String) throws {
        #expect(try #require(kind.remedy(for: Self.failure(cause))).contains(words))
    }

    @Test("is none where nothing particular is known")
    func none() {
        #expect(ProviderKind.other.remedy(for: Self.failure(.metadataIssuer)) == nil)
        #expect(ProviderKind.google.remedy(for: Self.failure(nil)) == nil)
        #expect(ProviderKind.google.remedy(for: Self.failure(.idToken(.nonce))) == nil)
    }

    @Test("is there for the two that every operator meets, and fits a page", arguments: ProviderKind.allCases)
    func usual(_ kind: ProviderKind) {
        guard kind != .other else { return }
        #expect(kind.remedy(for: .client) != nil)
        #expect(kind.remedy(for: .redirectURI) != nil)
        for problem in ProviderProblem.allCases {
            let text = kind.remedy(for: problem) ?? ""
            #expect(text.count < 500)
            #expect(!text.contains("  ") && !text.contains("\n"))
        }
    }
}
