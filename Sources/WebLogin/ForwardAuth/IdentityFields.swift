import HTTPMessages
import JOSE
import OpenIDConnect

/// What a proxy is told of the user, to hand on to what stands behind it. Of what is not known there is no field: the proxy
/// has to take away what a client made up.
struct IdentityFields {
    let lines: [(name: HTTPFields.Name, value: String)]

    /// The names of all of them, whether known of a user or not.
    static let names = [user, issuer, provider, email, preferredUsername, name, groups].compactMap { $0 }

    private static let user = HTTPFields.Name("X-Auth-Request-User")
    private static let issuer = HTTPFields.Name("X-Auth-Request-Issuer")
    private static let provider = HTTPFields.Name("X-Auth-Request-Provider")
    private static let email = HTTPFields.Name("X-Auth-Request-Email")
    private static let preferredUsername = HTTPFields.Name("X-Auth-Request-Preferred-Username")
    private static let name = HTTPFields.Name("X-Auth-Request-Name")
    private static let groups = HTTPFields.Name("X-Auth-Request-Groups")

    /// The most bytes of a value before it is encoded: a longer one is left out, since a part of it might name somebody
    /// else.
    static let maximumLength = 256
    /// The most bytes of the roles together, encoded: what does not fit is left out. Proxies read 4 KiB of fields as a rule.
    static let maximumRolesLength = 2000

    init(_ user: LoginSession?) {
        let claims = user?.claims ?? [:]
        // A provider that does not say so, as Microsoft Entra, may have it from an administrator of any organisation.
        let isVerified = claims["email_verified"] == true || claims["email_verified"] == "true"
        let values: [(HTTPFields.Name?, String)] = [
            (Self.user, Self.safe(user?.subject.string)), (Self.issuer, Self.safe(user?.issuer.string)),
            (Self.provider, Self.safe(user?.provider.string)),
            (Self.email, isVerified ? Self.safe(claims["email"]?.string) : ""),
            (Self.preferredUsername, Self.safe(claims["preferred_username"]?.string)),
            (Self.name, Self.safe(claims["name"]?.string)), (Self.groups, Self.list(user?.roles ?? [])),
        ]
        lines = values.compactMap { name, value in value.isEmpty ? nil : name.map { ($0, value) } }
    }

    private static func list(_ roles: Set<String>) -> String {
        var list = ""
        for role in roles.sorted().map(encoded) where !role.isEmpty {
            let next = list.isEmpty ? role : list + "," + role
            if next.utf8.count <= maximumRolesLength { list = next }
        }
        return list
    }

    private static func safe(_ text: String?) -> String {
        text.map { $0.utf8.count <= maximumLength ? encoded($0) : "" } ?? ""
    }

    /// Visible ASCII but for `%` and the comma; everything else as `%XX` of its UTF-8.
    private static func encoded(_ text: String) -> String {
        var result = ""
        for byte in text.utf8 {
            if (0x21...0x7E).contains(byte), byte != UInt8(ascii: "%"), byte != UInt8(ascii: ",") {
                result.unicodeScalars.append(Unicode.Scalar(byte))
            } else {
                result += (byte < 16 ? "%0" : "%") + String(byte, radix: 16, uppercase: true)
            }
        }
        return result
    }
}
