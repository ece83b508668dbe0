/// The request methods that a handler can meet (RFC 9110 §9.3, RFC 5789); a server answers 501 to any other.
public enum HTTPMethod: String, Sendable, Hashable, CaseIterable {
    /// Reads.
    case get = "GET"
    /// Reads, and wants the head of the answer alone.
    case head = "HEAD"
    /// Hands over a body to be processed.
    case post = "POST"
    /// Replaces what the target names.
    case put = "PUT"
    /// Changes a part of what the target names.
    case patch = "PATCH"
    /// Removes what the target names.
    case delete = "DELETE"
    /// Asks what can be done.
    case options = "OPTIONS"
}
