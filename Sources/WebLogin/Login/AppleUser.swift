import JOSE
import OpenIDConnect

/// The form field `user` in an answer of Apple's: the name that the user typed at the first consent, which comes this once and
/// by the browser, unsigned. So it is a name to call somebody by and nothing else: it makes no claim, and its `email` is not
/// read (<https://developer.apple.com/documentation/signinwithapple/authenticating-users-with-sign-in-with-apple>).
enum AppleUser {
    /// The most bytes of the field.
    static let maximumByteCount = 1024
    /// The most characters of a first or a last name.
    static let maximumNameLength = 64

    /// The name in the field; `nil` for anything that is not what Apple sends, which no login fails for.
    static func name(in field: String) -> String? {
        guard field.utf8.count <= maximumByteCount, let user = try? JSONObject(parsing: Array(field.utf8)),
            let name = user["name"]?.object
        else { return nil }
        let parts = ["firstName", "lastName"].map { name[$0]?.string ?? "" }
        guard parts.allSatisfy(isPartOfName) else { return nil }
        let whole = parts.filter { !$0.isEmpty }.joined(separator: " ")
        return whole.isEmpty ? nil : whole
    }

    private static func isPartOfName(_ text: String) -> Bool {
        text.unicodeScalars.count <= maximumNameLength
            && text.unicodeScalars.allSatisfy { scalar in
                switch scalar.properties.generalCategory {
                case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned, .surrogate: false
                default: !"<>&\"".unicodeScalars.contains(scalar)
                }
            }
    }
}
