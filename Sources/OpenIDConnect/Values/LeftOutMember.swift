/// A member of a document that was not of the form that it must have, and was left out: nothing that a login's safety hangs
/// on. What it stands for is not used.
public struct LeftOutMember: Sendable, Hashable {
    /// Its name, such as `end_session_endpoint`.
    public let name: String
    /// The form that it must have.
    public let expected: String
    /// What came; cut and cleaned.
    public let actual: String

    init(_ name: String, expected: String, actual: String) {
        self.name = name
        self.expected = expected
        self.actual = excerpt(actual)
    }
}

extension LoginRecord.Part {
    init(_ member: LeftOutMember) {
        self.init(.leftOut, member.name, member.actual, expected: member.expected)
    }
}
