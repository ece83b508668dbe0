/// What stands in for a picture.
enum Initials {
    /// The first letters of the first and the last word, or of the only one; `nil` where there is no letter. At most two
    /// characters, whatever the name.
    static func of(_ name: String) -> String? {
        // Scalars, since a character may carry any number of marks.
        let initials = name.unicodeScalars.prefix(400).split(separator: " ").compactMap { $0.first(where: isShown) }
        guard let first = initials.first, let last = initials.last else { return nil }
        let letters = initials.count > 1 ? [first, last] : [first]
        return letters.map { String(Character($0)).uppercased().prefix(1) }.joined()
    }

    private static func isShown(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "a"..."z", "A"..."Z", "0"..."9": true
        default: scalar.properties.isAlphabetic || scalar.properties.numericType != nil
        }
    }
}
