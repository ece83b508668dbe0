/// What stands in for a picture.
enum Initials {
    /// The first letters of the first and the last word, or of the only one; `nil` where there is no letter. At most two
    /// characters, whatever the name.
    static func of(_ name: String) -> String? {
        let initials = name.prefix(200).split(separator: " ").compactMap { word in
            // One scalar, since a character may carry any number of marks.
            word.unicodeScalars.first { $0.properties.isAlphabetic || $0.properties.numericType != nil }
        }
        guard let first = initials.first, let last = initials.last else { return nil }
        let letters = initials.count > 1 ? [first, last] : [first]
        return letters.map { String(Character($0)).uppercased().prefix(1) }.joined()
    }
}
