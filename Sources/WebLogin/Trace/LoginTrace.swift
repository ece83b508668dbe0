public import FoundationEssentials
import JOSE
public import OpenIDConnect

/// The last login of a browser: how it ended, and every step of it.
public struct LoginTrace: Sendable, Hashable {
    /// How a login ended.
    public enum Outcome: Sendable, Hashable {
        /// The user is signed in.
        case finished(issuer: String, subject: String)
        /// The login came to nothing: the failed rule, what happened in words for the user, and what to do.
        case failed(rule: String, summary: String, remedy: String)
    }

    /// The provider's registered name.
    public let provider: ProviderName
    /// The provider's title.
    public let title: String
    /// When the login ended.
    public let endedAt: Date
    /// How it ended.
    public let outcome: Outcome
    /// Its steps.
    public let record: LoginRecord

    package init(provider: ProviderChoice, endedAt: Date, outcome: Outcome, record: LoginRecord) {
        self.provider = provider.name
        title = provider.title
        self.endedAt = endedAt
        self.outcome = outcome
        self.record = record
    }
}

extension LoginTrace {
    /// The trace as it is kept.
    var json: JSONObject {
        var object: JSONObject = [
            "provider": .string(provider.string), "title": .string(excerpt(title)),
            "at": .number(JSONNumber(wholeSeconds(endedAt.timeIntervalSince1970))), "record": .object(record.json),
        ]
        switch outcome {
        case .finished(let issuer, let subject):
            object["iss"] = .string(issuer)
            object["sub"] = .string(subject)
        case .failed(let rule, let summary, let remedy):
            object["failed"] = .array([.string(rule), .string(summary), .string(remedy)])
        }
        return object
    }

    /// Reads what ``json`` wrote; `nil` for anything else.
    init?(json: JSONObject) {
        guard let provider = json["provider"]?.string.flatMap({ ProviderName($0) }),
            let title = json["title"]?.string, let at = json["at"]?.integer,
            let record = json["record"]?.object.flatMap({ LoginRecord(json: $0) })
        else { return nil }
        let failed = json["failed"]?.array?.compactMap(\.string) ?? []
        if failed.count == 3 {
            outcome = .failed(rule: failed[0], summary: failed[1], remedy: failed[2])
        } else if let issuer = json["iss"]?.string, let subject = json["sub"]?.string {
            outcome = .finished(issuer: issuer, subject: subject)
        } else {
            return nil
        }
        self.provider = provider
        self.title = title
        endedAt = Date(timeIntervalSince1970: TimeInterval(at))
        self.record = record
    }
}
