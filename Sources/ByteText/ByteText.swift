/// What `String` does by `Character`, done by bytes. A slash that a combining mark follows is no slash to `String`, and a
/// Kelvin sign is a K; to browsers, proxies and file systems neither is so. Text from outside is looked through with these.
extension StringProtocol {
    /// Whether both have the same bytes; `==` compares by canonical equivalence.
    package func isExactly(_ other: some StringProtocol) -> Bool { utf8.elementsEqual(other.utf8) }

    /// With A to Z in lower case and all else as it is; `lowercased()` makes a k of a Kelvin sign.
    package var asciiLowercased: String {
        guard utf8.contains(where: { (0x41...0x5A).contains($0) }) else { return String(self) }
        return String(decoding: utf8.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }, as: UTF8.self)
    }

    /// With each of these ASCII characters replaced.
    package func replacing(_ replacements: [Unicode.Scalar: String]) -> String {
        var result = ""
        for scalar in unicodeScalars {
            if let replacement = replacements[scalar] {
                result += replacement
            } else {
                result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}

extension String {
    /// Whether both have the same bytes; `==` compares by canonical equivalence.
    package func isExactly(_ other: String) -> Bool {
        let (left, right) = (utf8.span, other.utf8.span)
        guard left.count == right.count else { return false }
        for index in left.indices where left[index] != right[index] { return false }
        return true
    }
}

extension Optional where Wrapped: StringProtocol {
    /// Whether there is a text, of exactly these bytes.
    package func isExactly(_ other: some StringProtocol) -> Bool { map { $0.isExactly(other) } ?? false }
}

extension Sequence where Element: StringProtocol {
    /// Whether one of the texts has exactly these bytes.
    package func containsExactly(_ text: some StringProtocol) -> Bool { contains { $0.isExactly(text) } }
}

extension BidirectionalCollection where Element == UInt8, SubSequence == Substring.UTF8View {
    /// Whether the text begins with these bytes.
    package func hasPrefix(_ prefix: String) -> Bool { starts(with: prefix.utf8) }

    /// Whether the text ends with these bytes.
    package func hasSuffix(_ suffix: String) -> Bool { reversed().starts(with: suffix.utf8.reversed()) }

    /// Whether these bytes stand in the text.
    package func contains(_ text: String) -> Bool { firstRange(of: text.utf8) != nil }

    /// What follows the prefix; `nil` if the text does not begin with it.
    package func rest(after prefix: String) -> Substring? {
        hasPrefix(prefix) ? Substring(dropFirst(prefix.utf8.count)) : nil
    }

    /// What precedes the suffix; `nil` if the text does not end with it.
    package func rest(before suffix: String) -> Substring? {
        hasSuffix(suffix) ? Substring(dropLast(suffix.utf8.count)) : nil
    }

    /// The parts between the separators, which are ASCII; empty ones too.
    package func split(at separator: Unicode.Scalar, maxSplits: Int = .max) -> [Substring] {
        split(separator: UInt8(ascii: separator), maxSplits: maxSplits, omittingEmptySubsequences: false)
            .map(Substring.init)
    }

    /// The parts between the separators that are not empty.
    package func words(separatedBy separator: Unicode.Scalar) -> [Substring] {
        split(separator: UInt8(ascii: separator)).map(Substring.init)
    }

    /// What precedes the first of these ASCII characters, and what follows it; `nil` if there is none.
    package func cut(at separator: Unicode.Scalar) -> (before: Substring, after: Substring)? {
        firstIndex(of: UInt8(ascii: separator)).map {
            (Substring(self[..<$0]), Substring(self[index(after: $0)...]))
        }
    }

    /// What precedes the last of these ASCII characters, and what follows it; `nil` if there is none.
    package func cut(atLast separator: Unicode.Scalar) -> (before: Substring, after: Substring)? {
        lastIndex(of: UInt8(ascii: separator)).map {
            (Substring(self[..<$0]), Substring(self[index(after: $0)...]))
        }
    }

    /// What precedes the first of these ASCII characters: all of it if there is none.
    package func prefix(before separators: Unicode.Scalar...) -> Substring {
        Substring(prefix { byte in !separators.contains { UInt8(ascii: $0) == byte } })
    }
}
