import ByteText
import OpenIDConnect
import WebLogin

/// A login as plain text that is safe to post: without secrets, and without what is known about the user.
struct SupportText {
    let text: String

    /// Claims about the login; all others are about the user.
    private static let aboutTheLogin: Set<String> = [
        "iss", "aud", "azp", "exp", "iat", "nbf", "auth_time", "acr", "amr", "typ", "nonce", "at_hash", "c_hash",
    ]

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
            case .failed?: "[FAILED] \(part.name): expected \(part.expected ?? ""), came \(part.value)"
            case .notApplicable?, nil: "[-]      \(part.name)"
            }
        case .claim where !aboutTheLogin.containsExactly(part.name):
            "claim    \(part.name): (\(part.value.unicodeScalars.count) characters)"
        default: "\(part.role.rawValue.padded(to: 8)) \(part.name): \(part.value)"
        }
    }
}

extension String {
    fileprivate func padded(to length: Int) -> String {
        self + String(repeating: " ", count: max(0, length - utf8.count))
    }
}
