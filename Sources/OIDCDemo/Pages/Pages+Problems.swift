import HTTPMessages
import OpenIDConnect
import WebLogin

extension Pages {
    func failure(_ failure: LoginFailure) -> HTTPResponse {
        let startsAgain = failure.retryPath != "/"
        let retry: HTML? =
            startsAgain ? "<a class=\"button primary\" href=\"\(link: failure.retryPath)\">Try again</a>\n" : nil
        let start: HTML = "<a class=\"\(startsAgain ? "button" : "button primary")\" href=\"/\">Start page</a>"
        return PageFrame(
            title: "This did not work",
            content: """
                <section class="card">
                \(Artwork.alert)
                <h1>\(heading(failure.code))</h1>
                <p class="lead">\(.foreign(failure.summary, limit: 600))</p>
                <h2>What to do</h2>
                <p>\(.foreign(failure.remedy, limit: 600))</p>
                <p class="actions">\(retry)\(start)</p>
                \(operatorDetails(failure))
                </section>
                """
        ).response(status: failure.status)
    }

    private func operatorDetails(_ failure: LoginFailure) -> HTML {
        let lines: [(HTML, String?)] = [
            ("Rule", failure.rule), ("Expected", failure.expected), ("What came", failure.actual),
            ("Provider", failure.provider?.title), ("Code", failure.code.rawValue), ("Status", String(failure.status)),
        ]
        let clock: HTML? = failure.record?.clockDifference.map { "<p>\(ClockWords.of($0))</p>" }
        let steps: HTML? = failure.record.flatMap { record in
            record.steps.isEmpty ? nil : "<h3>How far it came</h3>\n<ol class=\"steps\">\(record.steps.map(step))</ol>"
        }
        let pairs: [HTML] = lines.compactMap { name, value in
            value.map { "<dt>\(name)</dt><dd>\(.foreign($0))</dd>\n" }
        }
        return """
            <details><summary>For whoever runs this app</summary>
            <dl class="parts">
            \(pairs)</dl>
            \(clock)
            \(steps)
            \(steps == nil || !showsTraces ? nil : Self.wholeTrace)
            </details>
            """
    }

    private static let wholeTrace: HTML =
        "<p><a class=\"button\" href=\"/login/trace\">See every step of this login</a></p>"

    /// A step with its rules: those that passed are counted, the one that failed is told.
    private func step(_ step: LoginRecord.Step) -> HTML {
        let rules = step.parts.filter { $0.role == .rule }
        let passed = rules.count { $0.verdict == .passed }
        let failed: [HTML] = rules.filter { $0.verdict == .failed }.map { rule in
            let meaning = RuleMeaning.of(rule.name).map { "\($0.text) (\($0.specification)). " } ?? ""
            return "<br><span class=\"verdict failed\">✗ <code>\(.foreign(rule.name))</code></span> \(meaning)"
        }
        let sign: HTML = failed.isEmpty ? "<span class=\"verdict passed\">✓</span>" : ""
        let noun = passed == 1 ? "rule" : "rules"
        let count: HTML? = passed == 0 ? nil : " <span class=\"own\">\(passed) \(noun) passed</span>"
        return "<li>\(StepMeaning(step.kind).title) \(sign)\(count)\(failed)</li>\n"
    }

    private func heading(_ code: LoginFailure.Code) -> HTML {
        switch code {
        case .unknownProvider: "There is no such provider"
        case .unsafeNext: "That way leads out of this app"
        case .notANavigation, .loginRequired: "You are not logged in"
        case .malformedCallback, .noTransaction, .foreignState, .issuerMismatch, .idTokenRefused, .userInfoRefused:
            "You could not be logged in"
        case .transactionExpired: "That took too long"
        case .stepUpInsufficient: "That login does not suffice"
        case .foreignRequest: "Another site asked for this"
        case .accessTokenEnded: "Your access has ended"
        case .refreshRefused, .providerSessionEnded: "You are logged out"
        case .logoutRefused: "This logout cannot be trusted"
        case .transactionUsed: "This login is over already"
        case .providerRefused, .tokenRequestRefused: "The provider refused"
        case .providerMalformed: "The provider’s answer makes no sense"
        case .providerUnavailable: "The provider cannot be reached"
        case .sessionsUnavailable: "Nobody can log in just now"
        }
    }

    /// 404: no route has the path.
    func notFound() -> HTTPResponse {
        plainProblem(
            title: "Not found", heading: "There is no such page",
            words: "The address may have a slip of the pen in it.", status: 404)
    }

    /// 405: the route does not know the method. What it knows stands in `Allow` (RFC 9110 §15.5.6).
    func methodNotAllowed(allow: String?) -> HTTPResponse {
        var response = plainProblem(
            title: "Not possible", heading: "This page does not work that way",
            words: "The browser asked in a way that this page does not answer.", status: 405)
        response.fields[.allow] = allow
        return response
    }

    /// 500: the app failed.
    func broken() -> HTTPResponse {
        plainProblem(
            title: "Something broke", heading: "Something broke here",
            words: "It is not your doing. Whoever runs this app finds more in its log.", status: 500)
    }

    private func plainProblem(title: StaticString, heading: HTML, words: HTML, status: Int) -> HTTPResponse {
        PageFrame(
            title: title,
            content: """
                <section class="card">
                \(Artwork.alert)
                <h1>\(heading)</h1>
                <p class="lead">\(words)</p>
                <p class="actions"><a class="button primary" href="/">Start page</a></p>
                </section>
                """
        ).response(status: status)
    }
}
