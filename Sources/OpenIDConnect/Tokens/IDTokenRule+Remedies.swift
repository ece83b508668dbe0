extension IDTokenRule: TokenRule {
    static var tokenName: String { "ID Token" }
    static var ownType: String? { nil }
    var code: OpenIDError.Code { .idToken(self) }
    /// Where what came tells more, the rule's finding has a remedy of its own.
    var remedy: String {
        switch self {
        case .requiredClaims:
            "Log in with an account of the organisation that this application is for (HOSTED_DOMAIN, ALLOWED_TENANTS)."
        case .nonce: "Log in again. If it stays so, the ID Tokens of different logins are mixed up on their way here."
        case .continuity: "Log in again. If it stays so, the provider changes what a login was when it renews tokens."
        default: "The provider's operator has to mend the ID Token."
        }
    }
}
