import ByteText
public import JOSE

/// An application registered at the development provider (OIDC Registration §2).
public struct DevelopmentClient: Sendable {
    /// The `client_id`.
    public var id: String
    /// What the login page calls the application.
    public var name: String
    /// The `client_secret`; `nil` for a public client, which authenticates by `none` and PKCE.
    public var secret: String?
    /// Where the browser may be sent with an answer; compared byte for byte (RFC 9700 §2.1).
    public var redirectURIs: [String]
    /// Where the browser may be sent after a logout; compared byte for byte (OIDC RP-Initiated Logout §3).
    public var postLogoutRedirectURIs: [String]
    /// What its ID Tokens are signed with, `id_token_signed_response_alg`.
    public var idTokenAlgorithm: JWSAlgorithm

    /// A client; what cannot be registered is refused when a ``DevelopmentProvider`` is made.
    public init(
        id: String, name: String? = nil, secret: String?, redirectURIs: [String],
        postLogoutRedirectURIs: [String] = [], idTokenAlgorithm: JWSAlgorithm = .rs256
    ) {
        self.id = id
        self.name = name ?? id
        self.secret = secret
        self.redirectURIs = redirectURIs
        self.postLogoutRedirectURIs = postLogoutRedirectURIs
        self.idTokenAlgorithm = idTokenAlgorithm
    }
}

extension DevelopmentClient {
    /// Throws where the client cannot be registered.
    func check() throws(DevelopmentProviderError) {
        func refuse(_ reason: String, remedy: String) -> DevelopmentProviderError {
            DevelopmentProviderError(.client, "client \(id.debugDescription): \(reason)", remedy: remedy)
        }
        // RFC 6749 appendix A.1: visible ASCII and space.
        guard !id.isEmpty, id.utf8.count <= 255, id.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) else {
            throw refuse("its identifier is empty, too long or not ASCII", remedy: "give it one such as oidc-demo")
        }
        if let secret, secret.isEmpty {
            throw refuse("its secret is empty", remedy: "give it a secret, or none at all for a public client")
        }
        guard !redirectURIs.isEmpty else {
            throw refuse("it has no redirect URI", remedy: "give it at least one")
        }
        for uri in redirectURIs + postLogoutRedirectURIs where !Self.isAbsoluteWithoutFragment(uri) {
            throw refuse(
                "\(uri.debugDescription) is no absolute URI without a fragment",
                remedy: "use one such as http://localhost:8000/login/authorize")
        }
        if idTokenAlgorithm.isSymmetric {
            throw refuse(
                "\(idTokenAlgorithm.rawValue) is not offered", remedy: "use an asymmetric algorithm such as RS256")
        }
    }

    /// RFC 6749 §3.1.2.
    private static func isAbsoluteWithoutFragment(_ uri: String) -> Bool {
        guard let colon = uri.utf8.firstIndex(of: UInt8(ascii: ":")), colon != uri.startIndex else { return false }
        let scheme = uri[..<colon]
        let isScheme = scheme.utf8.allSatisfy { byte in
            isTokenLetter(byte) || byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".")
        }
        return isScheme && uri.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "#") }
    }

    private static func isTokenLetter(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: false
        }
    }
}

extension [String] {
    /// Whether the text is among these byte for byte; `==` would take different spellings of one character as equal.
}
