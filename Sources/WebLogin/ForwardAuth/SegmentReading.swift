/// What others may take a segment of a path for: file systems to which upper and lower case or the ways to write an accent are
/// the same, frameworks that drop what cannot be seen, map compatibility characters to plain ones (NFKC), or take what follows a
/// name as the form in which it is wanted, as Rails does with `.json` and NTFS with `:$DATA`.
struct SegmentReading: Sendable, Hashable {
    /// Folded; `nil` for a character that may be read as any others, or as none.
    private let scalars: [Unicode.Scalar?]
    /// The same by characters, which are equal however their accents are written; empty for ASCII, which has none.
    private let characters: [Character]

    init(_ segment: String) {
        // String: to find what others take for the same. Both ways, since some letters have one of the cases only in common: a long s is an S in upper case.
        let folded = segment.uppercased().lowercased()
        let isASCII = folded.utf8.allSatisfy { $0 < 0x80 }
        characters = isASCII ? [] : Array(folded)
        scalars = folded.unicodeScalars.compactMap { scalar in
            if scalar.isASCII { return .some(scalar) }
            if scalar.properties.isDefaultIgnorableCodePoint { return nil }
            return .some(scalar.properties.changesWhenNFKCCaseFolded || Self.isMark(scalar) ? nil : scalar)
        }
    }

    /// Whether somebody may take it for the other one.
    func isSpelledLike(_ other: SegmentReading) -> Bool { matches(other, followed: false) }

    /// The same, or for the other one followed by something that is no part of a name: what is no letter, no digit and none of
    /// `-`, `_` and `~`. Likewise if such precedes it.
    func mayStand(for other: SegmentReading) -> Bool {
        matches(other, followed: true) || SegmentReading(name: self)?.matches(other, followed: true) ?? false
    }

    /// Without what precedes the name; `nil` if nothing does.
    private init?(name reading: SegmentReading) {
        let name = reading.scalars.drop { !Self.isPartOfName($0) && $0 != "." }
        guard name.count < reading.scalars.count else { return nil }
        scalars = Array(name)
        characters = []
    }

    private func matches(_ stem: SegmentReading, followed: Bool) -> Bool {
        if !characters.isEmpty || !stem.characters.isEmpty {
            let (own, others) = (texts, stem.texts)
            if own.starts(with: others), own.count == others.count { return true }
            if followed, own.starts(with: others), own.count > others.count,
                !Self.isPartOfName(own[others.count].unicodeScalars.first)
            {
                return true
            }
        }
        // Where in the stem one may be, after what was read so far.
        var places = [true] + Array(repeating: false, count: stem.scalars.count)
        for scalar in scalars {
            if followed, places[stem.scalars.count], !Self.isPartOfName(scalar) { return true }
            guard let first = places.firstIndex(of: true) else { return false }
            if let scalar {
                places = [false] + zip(places, stem.scalars).map { $0 && $1 == scalar }
            } else {
                for place in first...stem.scalars.count { places[place] = true }
            }
        }
        return places[stem.scalars.count]
    }

    private var texts: [Character] { characters.isEmpty ? scalars.compactMap { $0.map(Character.init) } : characters }

    private static func isPartOfName(_ scalar: Unicode.Scalar?) -> Bool {
        guard let scalar else { return false }
        switch scalar {
        case "a"..."z", "A"..."Z", "0"..."9", "-", "_", "~": return true
        case _ where scalar.isASCII: return false
        default: return scalar.properties.isAlphabetic || scalar.properties.numericType != nil
        }
    }

    private static func isMark(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark: true
        default: false
        }
    }
}
