/// Why a store cannot do what was asked. Carries no token and nothing of a session.
public struct SessionStoreError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What went wrong.
    public enum Code: String, Sendable, Hashable {
        /// The session is no longer there.
        case gone
        /// The session is larger than the store holds.
        case tooLarge
        /// The place is none where the store could be: its directory is missing, or it is no file.
        case noPlace
        /// The process may not write there.
        case notWritable
        /// What is there is not the store's: another kind of file, or another program's.
        case foreign
        /// What is there was written by another version of this library.
        case otherVersion
        /// What is there is damaged.
        case damaged
        /// Another process keeps it locked.
        case busy
        /// There is no room left.
        case full
        /// The store was closed, or cannot be reached.
        case unavailable
        /// Anything else that the layer below reports.
        case failed
    }

    /// The kind of failure.
    public let code: Code
    /// What it concerns, such as a file, and what was met.
    public let context: String
    /// What to do about it.
    public let remedy: String

    /// An error of the kind given.
    public init(_ code: Code, context: String, remedy: String) {
        self.code = code
        self.context = context
        self.remedy = remedy
    }

    /// All of it on one line, for an operator.
    public var description: String { "\(context): \(remedy) (\(code.rawValue))" }

    /// Equal by code, so that tests match simply.
    public static func == (left: SessionStoreError, right: SessionStoreError) -> Bool { left.code == right.code }

    /// By code, as equality.
    public func hash(into hasher: inout Hasher) { hasher.combine(code) }
}

extension SessionStoreError {
    /// The error of a `replace` that came too late.
    package static var gone: SessionStoreError {
        SessionStoreError(.gone, context: "the session", remedy: "it has ended meanwhile: let the user log in again")
    }
}
