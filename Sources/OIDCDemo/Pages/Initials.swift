/// What stands in for a picture.
enum Initials {
    /// The first letters of the first and the last word, or of the only one; `nil` where there is no letter. At most two
    /// characters, whatever the name.
    static func of(_ name: String) -> String? {
        var letters: [Unicode.Scalar] = []
        var isWordNew = true
        // Scalars, since a character may carry any number of marks.
        for scalar in name.unicodeScalars.prefix(400) {
            if scalar == " " {
                isWordNew = true
            } else if isWordNew, isShown(scalar) {
                isWordNew = false
                if letters.count == 2 { letters.removeLast() }
                letters.append(scalar)
            }
        }
        return letters.isEmpty ? nil : letters.map(uppercased).joined()
    }

    private static func uppercased(_ scalar: Unicode.Scalar) -> String {
        scalar.isASCII ? String(scalar).uppercased() : String(scalar.properties.uppercaseMapping.prefix(1))
    }

    private static func isShown(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "a"..."z", "A"..."Z", "0"..."9": true
        default: scalar.properties.isAlphabetic || scalar.properties.numericType != nil
        }
    }
}
