import ByteText
import FoundationEssentials
public import JOSE
import OpenIDConnect

/// What a user has to be, or to have proved, to see something. Requirements are made of each other:
/// `.all([.role("admin"), .authenticatedWithin(seconds: 300)])`.
public indirect enum Requirement: Sendable, Hashable {
    /// Somebody is logged in.
    case login
    /// A role, as ``ProviderRegistration/roles`` finds it.
    case role(String)
    /// A claim has this value, or is an array with it among its elements.
    case claim(ClaimPath, equals: JSONValue)
    /// The login was at this provider.
    case provider(ProviderName)
    /// The user proved who they are at most so many seconds ago, by the ID Token's `auth_time`, give or take the clock
    /// skew of the provider's registration. Who did so longer ago is sent to the provider with `max_age`.
    case authenticatedWithin(seconds: Int)
    /// The login was of one of these kinds, by the ID Token's `acr`. Who logged in another way is sent to the provider with
    /// `acr_values`. A value is 1 to 128 visible ASCII characters, and there are at most eight: others are left out.
    case acr([String])
    /// All of these; without any, a login.
    case all([Requirement])
    /// One of these; without any, nobody.
    case any([Requirement])

    /// One of these roles.
    public static func anyRole(_ roles: String...) -> Requirement { .any(roles.map { .role($0) }) }
}

extension Requirement: CustomStringConvertible {
    /// What is required, in words, such as `the role admin`; fit for a page when it is escaped.
    public var description: String {
        switch self {
        case .login: "a login"
        case .role(let role): "the role \(excerpt(role))"
        case .claim(let path, let value): "the claim \(excerpt("\(path)")) with the value \(Self.shown(value))"
        case .provider(let name): "a login at \(name)"
        case .authenticatedWithin(let seconds): "a login at most \(seconds) seconds ago"
        case .acr(let values): "a login of the kind " + Self.listed(values.map(excerpt), " or ")
        case .all(let parts): parts.isEmpty ? "a login" : Self.listed(parts.map(\.description), " and ")
        case .any(let parts): parts.isEmpty ? "what nobody has" : Self.listed(parts.map(\.description), " or ")
        }
    }

    private static func shown(_ value: JSONValue) -> String { excerpt(value.string ?? value.text) }

    private static func listed(_ texts: [String], _ separator: String) -> String { texts.joined(separator: separator) }
}

/// What came of holding a user against a requirement.
enum Judgement: Sendable, Hashable {
    case met
    /// A login that proves so much would meet it.
    case demands(LoginDemand)
    /// No login of this user at this provider would: what is missing.
    case missing([Requirement])
}

extension Requirement {
    /// Judges a user. `now` and `skew` are seconds.
    func judge(_ user: LoginSession, now: Double, skew: Double) -> Judgement {
        switch self {
        case .login: return .met
        case .role(let role): return user.hasRole(role) ? .met : .missing([self])
        case .claim(let path, let wanted):
            let value = path.value(in: user.claims)
            return value == wanted || value?.array?.contains(wanted) ?? false ? .met : .missing([self])
        case .provider(let name): return user.provider == name ? .met : .missing([self])
        case .authenticatedWithin, .acr:
            guard let demand else { return .missing([self]) }
            return user.meets(demand, now: now, skew: skew) ? .met : .demands(demand)
        case .all(let parts): return Self.all(parts.map { $0.judge(user, now: now, skew: skew) }, self)
        case .any(let parts): return Self.any(parts.map { $0.judge(user, now: now, skew: skew) }, self)
        }
    }

    private static func all(_ judgements: [Judgement], _ whole: Requirement) -> Judgement {
        var missing: [Requirement] = []
        var wanted: LoginDemand? = LoginDemand()
        for judgement in judgements {
            switch judgement {
            case .met: break
            case .demands(let demand): wanted = wanted?.joined(with: demand)
            case .missing(let parts): missing += parts
            }
        }
        // What no login can mend is said before a login is asked for.
        if !missing.isEmpty { return .missing(missing) }
        guard let wanted else { return .missing([whole]) }
        return wanted.isEmpty ? .met : .demands(wanted)
    }

    private static func any(_ judgements: [Judgement], _ whole: Requirement) -> Judgement {
        if judgements.contains(.met) { return .met }
        for case .demands(let demand) in judgements { return .demands(demand) }
        return .missing([whole])
    }

    /// What a login has to prove before the requirement can be met; empty where any login might do, `nil` where none can.
    var demand: LoginDemand? {
        switch self {
        case .login, .role, .claim, .provider: LoginDemand()
        case .authenticatedWithin(let seconds): LoginDemand(maxAge: seconds)
        case .acr(let values):
            values.contains(where: LoginDemand.isACR)
                ? LoginDemand(acrs: Array(values.filter(LoginDemand.isACR).prefix(LoginDemand.maximumACRCount))) : nil
        case .all(let parts):
            parts.reduce(LoginDemand() as LoginDemand?) { sum, part in
                sum.flatMap { sum in part.demand.flatMap { sum.joined(with: $0) } }
            }
        // Which of them the user can meet is only known after the login.
        case .any: LoginDemand()
        }
    }

    /// The only provider at which a login can meet it, where there is one.
    var provider: ProviderName? {
        switch self {
        case .provider(let name): name
        case .all(let parts): parts.lazy.compactMap(\.provider).first
        default: nil
        }
    }
}

extension LoginSession {
    /// Whether the login proved so much: both are of the verified ID Token.
    fileprivate func meets(_ demand: LoginDemand, now: Double, skew: Double) -> Bool {
        if let maxAge = demand.maxAge {
            guard let time = authenticatedAt?.timeIntervalSince1970, time <= now + skew,
                time >= now - Double(maxAge) - skew
            else { return false }
        }
        return demand.acrs.isEmpty || demand.acrs.contains { wanted in acr.map { $0.isExactly(wanted) } ?? false }
    }
}
