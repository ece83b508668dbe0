import Testing

@testable import OIDCDemo

@Suite("The announcement")
struct AnnouncementTests {
    private let provider = [
        "HOME": "/h", "PROVIDERS": "google,my-idp", "GOOGLE_CLIENT_ID": "g", "GOOGLE_CLIENT_SECRET": "CANARY",
        "GOOGLE_SERVER_METADATA_URL": "https://op.example/.well-known/openid-configuration",
        "MY-IDP_CLIENT_ID": "x", "MY_IDP_CLIENT_ID": "m", "MY_IDP_CLIENT_SECRET": "CANARY",
        "MY_IDP_SERVER_METADATA_URL": "https://idp.example/.well-known/openid-configuration",
    ]

    @Test("without a provider, it tells of the development provider and what to do next")
    func development() throws {
        let text = try Configuration(environment: ["HOME": "/h"])
            .announcement(embeddedProvider: "http://127.0.0.1:8001")
        #expect(text.hasPrefix("Listening on http://localhost:8000\n"))
        #expect(text.contains("http://127.0.0.1:8001"))
        #expect(text.contains("Open http://localhost:8000 in a browser"))
    }

    @Test("with providers, it tells each one's redirect URI, and no secret")
    func redirectURIs() throws {
        let text = try Configuration(environment: provider.merging(["PUBLIC_URL": "https://demo.example"]) { $1 })
            .announcement(embeddedProvider: nil)
        #expect(text.hasPrefix("Listening on http://127.0.0.1:8000 for https://demo.example\n"))
        #expect(text.contains("Google has to know the redirect URI https://demo.example/login/authorize\n"))
        #expect(text.contains("My idp has to know the redirect URI https://demo.example/login/authorize/my-idp\n"))
        #expect(!text.contains("CANARY"))
    }
}
