import HTTPMessages
import OpenIDConnect

/// The names of the cookies: with the `__Host-` prefix over https, which ties them to this host and to `Secure`
/// (RFC 6265bis §4.1.3.2).
struct CookieNames {
    /// The most bytes that all of them may take in a request's head together. `HTTPServer` reads 24 KiB, of which the
    /// target may have 8; 2 KiB are left for everything else that a browser sends.
    static let maximumByteCount = 14 << 10

    let isSecure: Bool

    private var prefix: String { isSecure ? "__Host-" : "" }
    var session: String { prefix + "oidc-session" }
    var transactionPrefix: String { prefix + "oidc-login-" }
    var logout: String { prefix + "oidc-logout" }
    var trace: String { prefix + "oidc-trace" }

    /// One cookie a login: the beginning of its state tells which.
    func transaction(_ state: State) -> String {
        transactionPrefix + String(decoding: state.string.utf8.prefix(12), as: UTF8.self)
    }

    /// Whether a cookie is one of a login under way.
    func isTransaction(_ name: String) -> Bool { name.utf8.starts(with: transactionPrefix.utf8) }
}
