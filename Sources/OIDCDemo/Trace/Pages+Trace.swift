import FoundationEssentials
import HTTPMessages
import OpenIDConnect
import WebLogin

extension Pages {
    /// The last login of a browser, step by step.
    func trace(_ trace: LoginTrace) -> HTTPResponse {
        let steps: [HTML] = trace.record.steps.enumerated().map { index, step in
            StepHTML(step, number: index + 1, isLast: index == trace.record.steps.count - 1).html
        }
        return PageFrame(
            title: "Your last login",
            content: """
                <section class="card wide trace">
                <h1>Your last login, step by step</h1>
                \(outcome(trace))
                \(clock(trace.record))
                <h2>Who said what to whom</h2>
                \(SequenceDrawing(trace.record).html)
                <h2>Each step</h2>
                <p class="lead">Secrets, codes and tokens are masked. Open a step to see what was sent, what came, and \
                what every rule found.</p>
                \(steps)
                \(omitted(trace.record))
                <h2 id="support">As text, for a question or a ticket</h2>
                <p class="lead">Safe to post: it has no secret, and of what is known about you only the names of the \
                claims.</p>
                <textarea class="support" readonly rows="12" aria-labelledby="support">\
                \(SupportText(trace).text)</textarea>
                <p class="actions"><a class="button" href="/login/trace.txt">The text alone</a>
                <a class="button" href="/">Start page</a></p>
                </section>
                """
        ).response()
    }

    /// There is none to show.
    func noTrace() -> HTTPResponse {
        PageFrame(
            title: "Your last login",
            content: """
                <section class="card">
                <h1>There is no login to show</h1>
                <p class="lead">Here stands how the last login of this browser went, for an hour after it, and after a \
                login that succeeded for as long as you stay logged in.</p>
                <p class="actions"><a class="button primary" href="/login">Log in</a>
                <a class="button" href="/">Start page</a></p>
                </section>
                """
        ).response()
    }

    private func outcome(_ trace: LoginTrace) -> HTML {
        let time = UTCTime(trace.endedAt)
        switch trace.outcome {
        case .finished(let issuer, let subject):
            return """
                <p class="lead">At <strong>\(.foreign(trace.title, limit: 60))</strong>, \(time.ago(at: now())) \
                <span class="own">(\(time.html))</span>. <strong>✓ It succeeded:</strong> you are \
                <code>\(.foreign(subject))</code> of <code>\(.foreign(issuer))</code>.</p>
                """
        case .failed(let rule, let summary, let remedy):
            return """
                <p class="lead">At <strong>\(.foreign(trace.title, limit: 60))</strong>, \(time.ago(at: now())) \
                <span class="own">(\(time.html))</span>.</p>
                <div class="note warning"><p><strong>✗ It failed at the rule <code>\(.foreign(rule))</code>.</strong> \
                \(.foreign(summary, limit: 600)) \(.foreign(remedy, limit: 600))</p></div>
                """
        }
    }

    private func clock(_ record: LoginRecord) -> HTML? {
        record.clockDifference.map { "<p class=\"own\">\(ClockWords.of($0))</p>" }
    }

    private func omitted(_ record: LoginRecord) -> HTML? {
        record.omittedPartCount == 0
            ? nil : "<p class=\"cut\">… and \(record.omittedPartCount) more details that had no room</p>"
    }
}

/// What is said of two clocks.
enum ClockWords {
    /// `difference`: how far the provider's is ahead, in seconds.
    static func of(_ difference: TimeInterval) -> String {
        let seconds = wholeSeconds(difference.rounded())
        switch abs(seconds) {
        case 0...1: return "The provider's clock and this machine's agree."
        case 2..<60:
            return "The provider's clock is \(abs(seconds)) s \(seconds > 0 ? "ahead of" : "behind") this machine's."
        default:
            return
                "The provider's clock is \(abs(seconds)) s \(seconds > 0 ? "ahead of" : "behind") this machine's: one of "
                + "the two is wrong. Both should follow a time server."
        }
    }
}
