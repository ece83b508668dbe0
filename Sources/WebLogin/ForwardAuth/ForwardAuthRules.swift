import ByteText
import JOSE
import OpenIDConnect

/// Who may see which paths behind a proxy.
///
/// Written as `/admin=role:admin; /reports=role:staff|role:admin; /public=anyone; /=login`: paths in plain text, and for each
/// what it takes. A rule holds for its path and all below it, by whole segments; of several the longest does. A path
/// without a rule is nobody's.
///
/// It takes one of: `anyone`, `nobody`, `login`, `role:NAME`, `provider:NAME`, `acr:VALUE`, `within:SECONDS` (since the
/// user proved who they are), `claim:PATH=VALUE` (a value `true`, `false` or a whole number is that, else a text). With `+`
/// between them all are needed, with `|` one is, and `+` binds closer.
public struct ForwardAuthRules: Sendable {
    private struct Rule: Sendable {
        let path: ForwardedPath
        /// `nil` for anyone.
        let requirement: Requirement?
    }

    /// The longest paths first.
    private let rules: [Rule]

    /// Whether somebody may see a path.
    enum Access: Sendable, Hashable {
        case anyone
        case whoMeets(Requirement)
        /// No rule has the path, or it is another spelling of one that a rule has.
        case nobody
    }

    /// A login for everything.
    public static let login = ForwardAuthRules(rules: [Rule(path: .root, requirement: .login)])

    private init(rules: [Rule]) { self.rules = rules }

    /// Reads rules.
    ///
    /// Throws ``ForwardAuthRulesError`` with the first rule that cannot be read.
    public init(_ text: String) throws(ForwardAuthRulesError) {
        var rules: [Rule] = []
        for part in text.utf8.split(at: ";").map(withoutSpaces) where !part.isEmpty {
            let rule = try Self.rule(part)
            guard !rules.contains(where: { $0.path.isSpelledLike(rule.path) }) else {
                throw ForwardAuthRulesError(part, "has a path that another rule has, perhaps in other letters")
            }
            rules.append(rule)
        }
        guard !rules.isEmpty else { throw ForwardAuthRulesError(text, "has no rule") }
        // Of `/public` and `/public.css` the latter is the longer one.
        self.rules = rules.sorted { left, right in
            let (left, right) = (left.path.segments, right.path.segments)
            return (left.count, left.last?.utf8.count ?? 0) > (right.count, right.last?.utf8.count ?? 0)
        }
    }

    func access(to path: ForwardedPath) -> Access {
        guard let index = rules.firstIndex(where: { path.isWithin($0.path) }),
            // `/ADMIN` and `/admin.json` may be `/admin` to whatever serves them: then the rule of neither is certain to be
            // the right one.
            rules.firstIndex(where: { path.isLooselyWithin($0.path) }) == index
        else { return .nobody }
        return rules[index].requirement.map { .whoMeets($0) } ?? .anyone
    }

    private static func rule(_ text: Substring) throws(ForwardAuthRulesError) -> Rule {
        guard let (before, after) = text.utf8.cut(at: "=") else {
            throw ForwardAuthRulesError(text, "has no = behind its path")
        }
        guard let path = ForwardedPath(plain: withoutSpaces(before)) else {
            throw ForwardAuthRulesError(
                text,
                "has a path that no request can have: it begins with a slash, and has no // . .. \\ % ? # in it, and no dot or space at a segment's end"
            )
        }
        let needs = withoutSpaces(after)
        if needs.isExactly("anyone") { return Rule(path: path, requirement: nil) }
        var ways: [Requirement] = []
        for way in needs.utf8.split(at: "|") {
            var parts: [Requirement] = []
            for part in way.utf8.split(at: "+") {
                guard let requirement = requirement(withoutSpaces(part)) else {
                    throw ForwardAuthRulesError(text, "asks for \(excerpt(String(part)).debugDescription)")
                }
                parts.append(requirement)
            }
            ways.append(parts.count == 1 ? parts[0] : .all(parts))
        }
        return Rule(path: path, requirement: ways.count == 1 ? ways[0] : .any(ways))
    }

    private static func requirement(_ text: Substring) -> Requirement? {
        if text.isExactly("login") { return .login }
        if text.isExactly("nobody") { return .any([]) }
        guard let (kind, rest) = text.utf8.cut(at: ":") else { return nil }
        let value = withoutSpaces(rest)
        if value.isEmpty { return nil }
        switch kind {
        case "role": return .role(String(value))
        case "provider": return ProviderName(String(value)).map { .provider($0) }
        case "acr": return LoginDemand.isACR(String(value)) ? .acr([String(value)]) : nil
        case "within": return seconds(value).map { .authenticatedWithin(seconds: $0) }
        case "claim":
            guard let (path, wanted) = value.utf8.cut(atLast: "="), !path.isEmpty else { return nil }
            return .claim(ClaimPath(String(path)), equals: json(String(wanted)))
        default: return nil
        }
    }

    private static func seconds(_ text: Substring) -> Int? {
        text.utf8.allSatisfy { (0x30...0x39).contains($0) } && text.utf8.count <= 9 ? Int(text) : nil
    }

    private static func json(_ text: String) -> JSONValue {
        // String: a setting.
        switch text {
        case "true": .bool(true)
        case "false": .bool(false)
        default: Int64(text).flatMap { "\($0)".isExactly(text) ? .number(JSONNumber($0)) : nil } ?? .string(text)
        }
    }
}

private func withoutSpaces(_ text: Substring) -> Substring {
    var scalars = text.unicodeScalars.drop { $0.properties.isWhitespace }
    while scalars.last?.properties.isWhitespace ?? false { scalars = scalars.dropLast() }
    return Substring(scalars)
}

/// Why rules cannot be used.
public struct ForwardAuthRulesError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The rule, as it came, cut.
    public let rule: String
    /// What is wrong with it.
    public let context: String

    init(_ rule: some StringProtocol, _ context: String) {
        self.rule = excerpt(String(rule))
        self.context = context
    }

    /// What would be right: a sentence.
    public var remedy: String {
        "Write rules as /admin=role:admin; /reports=role:staff|role:admin; /public=anyone; /=login, of anyone, nobody, login, "
            + "role:NAME, provider:NAME, acr:VALUE, within:SECONDS and claim:PATH=VALUE."
    }

    /// All of it on one line.
    public var description: String { "the rule \(rule.debugDescription) \(context). \(remedy)" }
}
