import ByteText
import HTTPMessages

/// The fields behind forward authentication that only the proxy and ``IdentityFields`` may set, since the site behind the
/// proxy or the app itself decides by them.
///
/// The proxy overwrites such a field where it is written exactly so. It does not see another spelling that is the same
/// field to the site: CGI (RFC 3875 §4.1.18), WSGI, PHP and Rack make one character of everything that is no letter or
/// digit, so that `X.Auth.Request.User` is `HTTP_X_AUTH_REQUEST_USER` too. Nor does it help to set a field that the
/// request's `Connection` names, since the next hop removes that (RFC 9110 §7.6.1).
enum ProtectedFields {
    /// In lower case.
    static let names =
        IdentityFields.names.map { $0.canonical } + [
            "x-auth-request-redirect", "x-original-uri", "x-original-method", "x-forwarded-uri", "x-forwarded-method",
            "x-forwarded-host", "x-forwarded-proto", "x-forwarded-for", "forwarded", "x-request-id", "x-original-url",
            "x-rewrite-url", "x-real-ip", "x-forwarded-prefix",
        ]

    private static let folded = [String: String](
        names.map { (lettersAndDigits(of: $0), $0) }, uniquingKeysWith: { first, _ in first })

    /// Why a request must not pass, or `nil` if nothing in its fields can be taken for a protected field.
    static func violation(in fields: HTTPFields) -> String? {
        for line in fields.lines {
            if !names.containsExactly(line.name.canonical), let name = folded[lettersAndDigits(of: line.name.canonical)]
            {
                return "A header in the request is another spelling of \(name)."
            }
            guard line.name == .connection || line.name == trailer else { continue }
            for option in line.value.utf8.split(separator: UInt8(ascii: ",")) {
                if let name = folded[lettersAndDigits(of: Substring(option).asciiLowercased)] {
                    return "The \(line.name) header of the request names \(name)."
                }
            }
        }
        return nil
    }

    private static let trailer = HTTPFields.Name("trailer")

    /// All that is left of a name for those who see no difference between `-`, `_`, `.` and the like. Runs, and what stands
    /// at either end, are left out as well.
    private static func lettersAndDigits(of name: String) -> String {
        String(
            decoding: name.utf8.lazy.filter { byte in
                (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
                    || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
            }, as: UTF8.self)
    }
}
