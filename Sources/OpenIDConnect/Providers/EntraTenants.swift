import ByteText
import JOSE

/// A directory's identifier at Microsoft Entra: a GUID in lower case, as the claim `tid` has it.
public struct TenantID: Sendable, Hashable, CustomStringConvertible {
    /// The identifier as it was given.
    public let string: String

    /// `nil` where the text is not 8-4-4-4-12 hexadecimal digits in lower case.
    public init?(_ text: String) {
        guard text.utf8.count == 36 else { return nil }
        let groups = text.utf8.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
        let isHexadecimal = groups.joined().allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
        guard groups.map(\.count) == [8, 4, 4, 4, 12], isHexadecimal else { return nil }
        string = text
    }

    /// The identifier as it was given.
    public var description: String { string }
}

/// Whose users may log in where a client is registered for more than one tenant of Microsoft Entra. To be said in so many
/// words: such a client is open to every organisation in the world that does not shut itself out.
public enum EntraTenants: Sendable, Hashable {
    /// Everybody's. Claims such as `roles` and `email` are then the word of any organisation's administrator: they decide
    /// nothing without the issuer.
    case every
    /// Those of these tenants only.
    case only(Set<TenantID>)
}

/// The one exception to "issuers are compared byte for byte": the metadata for all tenants of Microsoft Entra name no issuer
/// but a template, `https://login.microsoftonline.com/{tenantid}/v2.0`, and each ID Token's `tid` takes the place of
/// `{tenantid}`; what comes of that is compared with `iss` byte for byte
/// (<https://learn.microsoft.com/entra/identity-platform/access-tokens#validate-the-issuer>).
///
/// It holds for Microsoft's own hosts, for their two addresses without a tenant, and only where a registration names
/// ``ClientRegistration/tenants``.
public struct EntraIssuers: Sendable, Hashable {
    static let placeholder = "{tenantid}"
    private static let hosts: Set<String> = [
        "login.microsoftonline.com", "login.microsoftonline.us", "login.partner.microsoftonline.cn",
    ]
    private static let paths: Set<String> = ["/common/v2.0", "/organizations/v2.0"]

    /// The issuer that the metadata have to name.
    public let template: String
    /// Whose users may log in.
    public let tenants: EntraTenants

    /// `nil` where the location is not one for several tenants.
    public init?(_ location: MetadataLocation, _ tenants: EntraTenants) {
        let url = location.url
        guard url.scheme == .https, url.port == 443, Self.hosts.containsExactly(url.host), url.query == nil,
            let path = url.path.utf8.rest(before: MetadataLocation.suffix), Self.paths.containsExactly(path)
        else { return nil }
        template = "https://\(url.host)/\(Self.placeholder)/v2.0"
        self.tenants = tenants
    }

    /// The issuer of one tenant.
    func issuer(of tenant: TenantID) -> String { Self.filled(template, with: tenant.string) }

    /// A template with the tenant in the placeholder's stead.
    static func filled(_ template: String, with tenant: String) -> String {
        let filled = Array(template.utf8).replacing(Array(placeholder.utf8), with: tenant.utf8)
        return String(decoding: filled, as: UTF8.self)
    }

    /// The tenants that are named, as a claim's values; `nil` where every one may come.
    var allowed: Set<String>? {
        if case .only(let tenants) = tenants { Set(tenants.map(\.string)) } else { nil }
    }

    /// Whether the text is the issuer of a tenant whose users may log in.
    public func contains(_ issuer: String) -> Bool {
        let parts = issuer.utf8.split(at: "/")
        guard parts.count == 5, let tenant = TenantID(String(parts[3])), issuer.isExactly(self.issuer(of: tenant))
        else { return false }
        return allowed?.containsExactly(tenant.string) ?? true
    }
}
