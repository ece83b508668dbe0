import OpenIDConnect
import WebLogin

extension Pages {
    /// What an operator wants to know of a failure, folded away from users.
    func operatorDetails(_ failure: LoginFailure) -> HTML {
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
            \(remedies(failure))
            \(clock)
            \(steps)
            \(steps == nil || !showsTraces ? nil : Self.wholeTrace)
            </details>
            """
    }

    private static let roomierSessions: HTML = """
        <dt>In this app’s settings</dt><dd>Set <code>SESSION_STORE</code> to <code>sqlite:PATH</code>, or for several \
        machines to an address of Redis. Or have less in a session: a shorter <code>SCOPE</code>, \
        <code>USERINFO=off</code>, fewer claims at the provider.</dd>

        """

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

    /// What to change and where: in this app's settings; at this provider, where it is one that is known by its issuer, else
    /// at those that are.
    private func remedies(_ failure: LoginFailure) -> HTML? {
        let kind = failure.provider?.kind
        let kinds =
            kind == .other ? [ProviderKind.google, .keycloak, .entra, .okta, .auth0] : [kind].compactMap(\.self)
        var places: [HTML] = failure.code == .sessionTooLarge ? [Self.roomierSessions] : []
        places += kinds.compactMap { kind in
            kind.remedy(for: failure).map { "<dt>At \(kind.title ?? "the provider")</dt><dd>\($0)</dd>\n" }
        }
        return places.isEmpty ? nil : "<h3>What to change, and where</h3>\n<dl class=\"parts\">\(places)</dl>"
    }
}
