public import JOSE

/// Which claims are a user's roles: no standard says, and each provider has its own.
///
/// A claim that is a string is one role, whole: it is not split at spaces or commas. Of an array the strings count. Of an
/// object the names count whose values are objects, or `true`: so Zitadel says in which organisations somebody has a role.
/// Anything else is no role, nor is an empty string, one of more than ``maximumRoleLength`` bytes, or one with control
/// characters.
public struct RoleMapping: Sendable, Hashable {
    /// A claim that has roles.
    public struct Source: Sendable, Hashable {
        /// Where it stands.
        public var path: ClaimPath
        /// What is put before each of its values, so that roles of different claims cannot be taken for each other.
        public var prefix: String

        /// A source as it stands.
        public init(_ path: ClaimPath, prefix: String = "") {
            self.path = path
            self.prefix = prefix
        }
    }

    /// The claims, in order.
    public var sources: [Source]

    /// The most roles of a user: those after them are left out.
    public static let maximumRoleCount = 500
    /// The most bytes of a role, its prefix aside.
    public static let maximumRoleLength = 256

    /// The claims `roles` and `groups`.
    public static let usual = RoleMapping([Source("roles"), Source("groups")])

    /// A mapping of these claims. Without any, nobody has a role.
    public init(_ sources: [Source]) { self.sources = sources }

    /// The roles that the claims give. Compare them with ``LoginSession/hasRole(_:)``, by code points: Swift's `==` takes a
    /// Kelvin sign for a K.
    public func roles(in claims: JSONObject) -> Set<String> {
        var roles: Set<String> = []
        for source in sources {
            for role in Self.texts(source.path.value(in: claims)) where Self.isRole(role) {
                guard roles.count < Self.maximumRoleCount else { return roles }
                roles.insert(source.prefix + role)
            }
        }
        return roles
    }

    private static func texts(_ value: JSONValue?) -> [String] {
        switch value {
        case .string(let text): [text]
        case .array(let elements): elements.compactMap(\.string)
        case .object(let object): object.members.filter { $0.value.object != nil || $0.value.bool == true }.map(\.name)
        default: []
        }
    }

    private static func isRole(_ text: String) -> Bool {
        (1...maximumRoleLength).contains(text.utf8.count)
            && !text.unicodeScalars.contains { $0.properties.generalCategory == .control }
    }
}
