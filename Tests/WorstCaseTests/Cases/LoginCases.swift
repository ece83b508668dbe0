import HTTPMessages
import Sessions

@testable import OpenIDConnect
@testable import WebLogin

/// What a browser says to a login, to a logout and to a proxy.
enum LoginCases {
    private static let targetLimit = 8 << 10

    static let all: [WorstCase] =
        [
            returnPath.worst("slashes") { Inputs.repeated("/", upTo: $0) },
            returnPath.worst("marks") { "/e" + Inputs.repeated("%CC%81%CC%A7", upTo: $0 - 2) },
            returnPath.worst("dots") { Inputs.repeated("/.", upTo: $0) },
        ]
        + [
            forwardedPath.worst("slashes") { Inputs.repeated("/", upTo: $0) },
            forwardedPath.worst("short segments") { Inputs.repeated("/a", upTo: $0) },
            forwardedPath.worst("marks") { "/e" + Inputs.repeated("%CC%81%CC%A7", upTo: $0 - 2) },
            forwardedPath.worst("segments of marks") { Inputs.repeated("/%CC%81", upTo: $0) },
        ]
        + [
            address.worst("marks") { "a@" + Inputs.marks(upTo: $0 - 2) },
            address.worst("at signs") { Inputs.repeated("@", upTo: $0) },
            address.worst("dots") { "a@" + Inputs.repeated(".", upTo: $0 - 2) },
        ]
        + [
            issuer.worst("slashes") { Inputs.repeated("/", upTo: $0) },
            issuer.worst("marks") { Inputs.marks(upTo: $0) },
            issuer.worst("hyphens") { "https://x/" + Inputs.repeated("-", upTo: $0 - 10) + "/v2.0" },
        ]
        + [
            sealed.worst("zeros") { Inputs.repeated("A", upTo: $0) },
            sealed.worst("what was sealed in this way") { "AQ" + Inputs.repeated("zzzz", upTo: $0 - 2) },
        ]

    private static let returnPath = ForeignInput<String>("a return path", limit: 512) {
        "/" + Inputs.repeated("a", upTo: $0 - 1)
    } reader: {
        _ = ReturnPath($0)
    }

    private static let forwardedPath = ForeignInput<String>("a path that a proxy asks about", limit: targetLimit) {
        "/" + Inputs.repeated("a", upTo: $0 - 1)
    } reader: { target in
        guard let path = ForwardedPath(target: target) else { return }
        _ = try ForwardAuthRules("/admin=role:admin; /a=anyone; /=anyone").access(to: path)
    }

    private static let address = ForeignInput<String>("an e-mail address", limit: targetLimit) {
        "a@" + Inputs.repeated("example.", upTo: $0 - 2)
    } reader: {
        _ = EmailDomain(ofAddress: $0)
    }

    /// The `iss` of a logout, of a provider with many tenants.
    private static let issuer = ForeignInput<String>("an issuer", limit: maximumTokenSize) {
        "https://login.example/" + Inputs.repeated("tenant", upTo: $0 - 22)
    } reader: { issuer in
        let url = "https://login.microsoftonline.com/common/v2.0/.well-known/openid-configuration"
        guard let location = MetadataLocation(metadataURL: url) else { return }
        _ = EntraIssuers(location, .every)?.contains(issuer)
        _ = Issuer(issuer)
    }

    private static let sealed = ForeignInput<String>("a sealed cookie", limit: SessionToken.maximumLength) {
        Inputs.repeated("abcd", upTo: $0)
    } reader: { text in
        let keys = try SecretKeys(["0123456789abcdef0123456789abcdef", "fedcba9876543210fedcba9876543210"])
        _ = keys.open(text, purpose: "worst case")
        _ = SessionToken(text)?.id
    }
}
