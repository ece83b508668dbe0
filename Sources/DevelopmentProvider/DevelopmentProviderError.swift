/// Why a development provider cannot be made.
public struct DevelopmentProviderError: Error, Sendable, Hashable, CustomStringConvertible {
    /// Which rule was broken.
    public enum Code: String, Sendable, Hashable {
        /// The issuer is no `http` or `https` URL of this machine's loopback, or has a query or fragment.
        case issuer
        /// A client cannot be registered as it is.
        case client
        /// There is no user, or one that cannot be told from the others.
        case user
    }

    /// Which rule was broken.
    public let code: Code
    /// What is wrong, in words.
    public let reason: String
    /// What to do about it.
    public let remedy: String

    init(_ code: Code, _ reason: String, remedy: String) {
        self.code = code
        self.reason = reason
        self.remedy = remedy
    }

    /// What is wrong and what to do.
    public var description: String { "\(reason): \(remedy)" }

    /// Equal by code, so that tests match simply.
    public static func == (left: DevelopmentProviderError, right: DevelopmentProviderError) -> Bool {
        left.code == right.code
    }

    /// Hashes what `==` compares.
    public func hash(into hasher: inout Hasher) { hasher.combine(code) }
}
