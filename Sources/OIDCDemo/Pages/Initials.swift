/// What stands in for a picture.
enum Initials {
    /// The first letters of the first and the last word, or of the only one; `nil` where there is no letter. At most two
    /// characters, whatever the name.
    static func of(_ name: String) -> String? {
        var letters: [Unicode.Scalar] = []
        var isWordNew = true
        // Scalars, since a character may carry any number of marks.
        for (count, scalar) in name.unicodeScalars.enumerated() {
            if count == 400 { break }
            if scalar == " " {
                isWordNew = true
            } else if isWordNew, isShown(scalar) {
                isWordNew = false
                if letters.count == 2 { letters.removeLast() }
                letters.append(scalar)
            }
        }
        return letters.isEmpty ? nil : letters.reduce(into: "") { $0 += uppercased($1) }
    }

    private static func uppercased(_ scalar: Unicode.Scalar) -> String {
        scalar.isASCII
            ? Character(scalar).uppercased() : String(scalar.properties.uppercaseMapping.unicodeScalars.prefix(1))
    }

    private static func isShown(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "a"..."z", "A"..."Z", "0"..."9": true
        case _ where scalar.isASCII: false
        default: scalar.properties.isAlphabetic || scalar.properties.numericType != nil
        }
    }
}
