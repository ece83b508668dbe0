import ByteText
import FoundationEssentials
import HTTPMessages
import JOSE

/// What a login has to prove beyond who the user is: that they were there lately, and how they proved it (OIDC Core
/// §3.1.2.1, `max_age` and `acr_values`). The provider is asked for it, and its ID Token is held to it.
struct LoginDemand: Sendable, Hashable {
    /// The most seconds since the user proved who they are; `nil` where it may be any number.
    var maxAge: Int?
    /// The `acr` values of which one has to be there; empty where any will do.
    var acrs: [String] = []

    var isEmpty: Bool { maxAge == nil && acrs.isEmpty }

    /// The most `acr` values, and the most characters of one.
    static let maximumACRCount = 8
    static let maximumACRLength = 128
    /// The most seconds that can be asked for: some thirty years.
    static let longestAge = 999_999_999

    /// Whether a value can stand in `acr_values`, a list with spaces between.
    static func isACR(_ text: String) -> Bool {
        (1...maximumACRLength).contains(text.utf8.count) && text.utf8.allSatisfy { (0x21...0x7E).contains($0) }
    }

    /// Both demands at once; `nil` where no login can meet both.
    func joined(with other: LoginDemand) -> LoginDemand? {
        let age = [maxAge, other.maxAge].compactMap { $0 }.min()
        if acrs.isEmpty || other.acrs.isEmpty { return LoginDemand(maxAge: age, acrs: acrs + other.acrs) }
        let common = acrs.filter { acr in other.acrs.contains { $0.isExactly(acr) } }
        return common.isEmpty ? nil : LoginDemand(maxAge: age, acrs: common)
    }

    /// Whether a login that met this demand met the other one too, at the time.
    func covers(_ other: LoginDemand) -> Bool {
        let isLate = other.maxAge.map { wanted in maxAge.map { $0 > wanted } ?? true } ?? false
        let isKind =
            other.acrs.isEmpty
            || (!acrs.isEmpty && acrs.allSatisfy { acr in other.acrs.contains { $0.isExactly(acr) } })
        return !isLate && isKind
    }

    /// The parameters of `/login` that ask for it, each with an ampersand before it.
    var query: String {
        (maxAge.map { "&max_age=\($0)" } ?? "")
            + (acrs.isEmpty ? "" : "&acr_values=" + FormEncoding.encode(acrs.joined(separator: " ")))
    }

    /// Reads what ``query`` wrote; `nil` where it is anything else.
    init?(_ parameters: FormParameters) {
        if let text = parameters["max_age"] {
            guard (1...9).contains(text.utf8.count), text.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
                let seconds = Int(text)
            else { return nil }
            maxAge = seconds
        }
        if let text = parameters["acr_values"] {
            acrs = text.utf8.words(separatedBy: " ").map(String.init)
            guard (1...Self.maximumACRCount).contains(acrs.count), acrs.allSatisfy(Self.isACR) else { return nil }
        }
    }

    init(maxAge: Int? = nil, acrs: [String] = []) {
        self.maxAge = maxAge.map { min(max($0, 0), Self.longestAge) }
        self.acrs = acrs
    }
}

extension LoginDemand {
    /// As a session keeps it.
    var json: JSONObject {
        var object = JSONObject()
        if let maxAge { object["max_age"] = .number(JSONNumber(Int64(maxAge))) }
        if !acrs.isEmpty { object["acr"] = .array(acrs.map { .string($0) }) }
        return object
    }

    /// Reads what ``json`` wrote.
    init(json: JSONObject?) {
        self.init(
            maxAge: json?["max_age"]?.integer.flatMap { Int(exactly: $0) },
            acrs: json?["acr"]?.array?.compactMap(\.string) ?? [])
    }
}
