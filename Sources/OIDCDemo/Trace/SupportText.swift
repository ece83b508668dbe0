import ByteText
import OpenIDConnect
import WebLogin

/// A login as plain text that is safe to post: without secrets, and without what is known about the user. What is shown is
/// named here; of everything else, and of whatever a rule that failed expected and found, there is the name and the length.
struct SupportText {
    let text: String

    /// Claims about the login; all others are about the user.
    private static let aboutTheLogin: Set<String> = [
        "aud", "azp", "acr", "amr", "typ", "nonce", "at_hash", "c_hash",
    ]
    private static let times: Set<String> = ["exp", "iat", "nbf", "auth_time"]
    /// What is sent that says nothing of the user, as `login_hint` does, or is masked.
    private static let sent: Set<String> = [
        "GET", "POST", "Authorization", "response_type", "response_mode", "client_id", "redirect_uri", "scope", "state",
        "nonce", "code_challenge", "code_challenge_method", "prompt", "max_age", "ui_locales", "acr_values",
        "grant_type",
        "code", "code_verifier", "client_assertion_type", "client_assertion", "client_secret",
    ]
    /// What comes of which the same is true; `error_description` is in the provider's own words, and may name the user.
    private static let received: Set<String> = [
        "status", "Content-Type", "response_mode", "code", "state", "session_state", "iss", "error", "scope",
        "token_type", "expires_in", "access_token", "refresh_token", "id_token",
    ]
    private static let header: Set<String> = ["alg", "kid", "typ"]

    init(_ trace: LoginTrace) {
        var lines = ["oidc-demo \(About.version), login at \(trace.title), \(UTCTime(trace.endedAt).machine)"]
        switch trace.outcome {
        case .finished(let issuer, _): lines.append("succeeded: a user of \(issuer)")
        case .failed(let rule, let summary, let remedy): lines.append("failed: \(rule): \(summary) \(remedy)")
        }
        if let clock = trace.record.clockDifference { lines.append(ClockWords.of(clock)) }
        for (index, step) in trace.record.steps.enumerated() {
            let time = step.milliseconds.map { ", \($0) ms" } ?? ""
            lines.append("")
            lines.append("\(index + 1). \(step.kind.rawValue)\(time)\(step.isFailed ? ", FAILED" : "")")
            lines += step.parts.map { "   " + Self.line($0) }
        }
        if trace.record.omittedPartCount > 0 { lines.append("… and \(trace.record.omittedPartCount) more details") }
        // A log or a terminal that this is pasted into must not be taken in by what stands in it.
        text = lines.map { excerpt($0, limit: 800) }.joined(separator: "\n") + "\n"
    }

    private static func line(_ part: LoginRecord.Part) -> String {
        switch part.role {
        case .rule:
            switch part.verdict {
            case .passed?: "[ok]     \(part.name)"
            case .failed?: "[FAILED] \(part.name): expected \(length(part.expected ?? "")), came \(length(part.value))"
            case .notApplicable?, nil: "[-]      \(part.name)"
            }
        case .leftOut:
            "left out \(part.name): expected \(part.expected ?? ""), came \(length(part.value))"
        case .claim where !isAboutTheLogin(part): "claim    \(part.name): \(length(part.value))"
        case .sent where !sent.containsExactly(part.name), .received where !received.containsExactly(part.name),
            .header where !header.containsExactly(part.name):
            "\(part.role.rawValue.padded(to: 8)) \(part.name): (not shown)"
        default: "\(part.role.rawValue.padded(to: 8)) \(part.name): \(part.value)"
        }
    }

    /// Whether a claim is about the login, and not something else under the name of such a claim.
    private static func isAboutTheLogin(_ claim: LoginRecord.Part) -> Bool {
        if times.containsExactly(claim.name) { return Double(claim.value) != nil }
        if claim.name.isExactly("iss") { return Issuer(claim.value, plainHTTP: .everywhere) != nil }
        return aboutTheLogin.containsExactly(claim.name)
    }

    private static func length(_ text: String) -> String { "(\(text.unicodeScalars.count) characters)" }
}

extension String {
    fileprivate func padded(to length: Int) -> String {
        self + String(repeating: " ", count: max(0, length - utf8.count))
    }
}
