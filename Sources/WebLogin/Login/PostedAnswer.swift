import ByteText
import HTTPMessages
import OpenIDConnect
import Sessions

/// An answer by form post that came without its login's cookie. A browser leaves `SameSite=Lax` cookies out of a POST
/// that another site caused, and sends them with a GET: so the answer goes once more through the browser, sealed, since
/// a code has no business in an address. The cookies stay as strict as they are.
struct PostedAnswer {
    let parameters: FormParameters

    /// The parameter of the redirect URI that carries it.
    static let parameterName = "posted"
    /// What a server reads of an address as a rule, less its path.
    static let maximumByteCount = 7 << 10
    /// The field in which Apple sends a name.
    static let userField = "user"
    /// What an answer consists of; the rest is left behind (RFC 6749 §4.1.2).
    private static let names: Set<String> = ["code", "state", "iss", "session_state", "error", "error_description"]
    private static let purpose = "oidc posted answer 1"

    init(_ posted: FormParameters) {
        var kept = FormParameters()
        for parameter in posted.parameters where Self.names.containsExactly(parameter.name) {
            kept.append(parameter.name, parameter.value)
        }
        // Apple's; what is longer than a name would only make the address too long.
        if let user = posted[Self.userField], user.utf8.count <= AppleUser.maximumByteCount {
            kept.append(Self.userField, user)
        }
        parameters = kept
    }

    /// The query that carries it on; `nil` where it would be too long for an address.
    func query(sealedWith keys: SecretKeys) throws(SecretKeysError) -> String? {
        let sealed = try keys.seal(Array(parameters.encoded.utf8), purpose: Self.purpose)
        return sealed.utf8.count <= Self.maximumByteCount ? "\(Self.parameterName)=\(sealed)" : nil
    }

    /// What ``query(sealedWith:)`` made; `nil` for anything else.
    init?(sealed: String, openedWith keys: SecretKeys) {
        guard let bytes = keys.open(sealed, purpose: Self.purpose),
            let parameters = try? FormParameters(parsing: bytes)
        else { return nil }
        self.parameters = parameters
    }
}
