/// A text as a key: equal to another one only if their bytes are. `String` as a key finds what is canonically equivalent, and is
/// normalized each time for it, which takes a time that grows with the square of a run of combining marks.
package struct ExactText: Sendable, Hashable, ExpressibleByStringLiteral {
    /// The text.
    package let string: String

    /// The text as a key.
    package init(_ string: String) { self.string = string }

    /// The text as a key.
    package init(stringLiteral string: String) { self.init(string) }

    /// By bytes.
    package static func == (left: ExactText, right: ExactText) -> Bool { left.string.isExactly(right.string) }

    /// By bytes.
    package func hash(into hasher: inout Hasher) {
        let bytes: Void? = string.utf8.withContiguousStorageIfAvailable {
            unsafe hasher.combine(bytes: UnsafeRawBufferPointer($0))
        }
        // Texts of Swift lie in one piece; one that does not is hashed by its length.
        if bytes == nil { hasher.combine(string.utf8.count) }
    }
}
