import ByteText
import OpenIDConnect

/// One step of a login, to be opened.
struct StepHTML {
    private let step: LoginRecord.Step
    private let number: Int
    private let isLast: Bool
    private let meaning: StepMeaning

    init(_ step: LoginRecord.Step, number: Int, isLast: Bool) {
        self.step = step
        self.number = number
        self.isLast = isLast
        meaning = StepMeaning(step.kind)
    }

    var html: HTML {
        let time: HTML? = step.milliseconds.map { " <span class=\"own\">\($0) ms</span>" }
        let sign: HTML =
            step.isFailed
            ? "<span class=\"verdict failed\">✗ failed</span>" : "<span class=\"verdict passed\">✓</span>"
        let tables: [HTML] = Self.sections.compactMap { table($0.title, $0.roles) }
        // What failed stands open.
        let open: HTML? = step.isFailed ? " open" : nil
        return """
            <details class="step"\(open)><summary><span>\(number). \(meaning.title)</span>\(time) \(sign)</summary>
            <p>\(meaning.why) <span class="own">\(meaning.specification)</span></p>
            \(tables)
            </details>

            """
    }

    private static let sections: [(title: StaticString, roles: Set<LoginRecord.Part.Role>)] = [
        ("What the app uses of the document", [.used]), ("What was sent", [.sent]), ("What came", [.received]),
        ("Left out, since it is malformed", [.leftOut]), ("Measured", [.measured]), ("Keys considered", [.key]),
        ("The token’s header", [.header]),
        ("The token’s claims", [.claim]), ("Where each claim about the user is from", [.merged]),
        ("Every rule", [.rule]),
    ]

    private func table(_ title: StaticString, _ roles: Set<LoginRecord.Part.Role>) -> HTML? {
        let parts = step.parts.filter { roles.contains($0.role) }
        guard !parts.isEmpty else { return nil }
        if roles == [.rule] { return rules(parts) }
        let hasMeaning = parts.contains { PartMeaning.of($0, in: step.kind) != nil }
        let head: HTML? = hasMeaning ? "<th role=\"columnheader\" scope=\"col\">Meaning</th>" : nil
        let rows: [HTML] = ordered(parts).map { row($0, hasMeaning: hasMeaning) }
        return """
            <table class="claims detail\(hasMeaning ? "" : " two")" role="table">
            <caption>\(title.description)</caption>
            <thead role="rowgroup"><tr role="row"><th role="columnheader" scope="col">Name</th>\
            <th role="columnheader" scope="col">Value</th>\(head)</tr></thead>
            <tbody role="rowgroup">
            \(rows)</tbody></table>
            """
    }

    /// The address of a request stands before its parameters.
    private func ordered(_ parts: [LoginRecord.Part]) -> [LoginRecord.Part] {
        let isAddress = { (part: LoginRecord.Part) in
            part.role == .sent && (part.name.isExactly("GET") || part.name.isExactly("POST"))
        }
        return parts.filter(isAddress) + parts.filter { !isAddress($0) }
    }

    private func row(_ part: LoginRecord.Part, hasMeaning: Bool) -> HTML {
        let meaning: HTML? =
            hasMeaning
            ? "<td role=\"cell\" class=\"meaning\">\(PartMeaning.of(part, in: step.kind) ?? "")</td>" : nil
        let sign: HTML? =
            switch part.verdict {
            case .passed?: "<span class=\"verdict passed\">✓</span> "
            case .failed?: "<span class=\"verdict failed\">✗</span> "
            default: nil
            }
        let time: HTML? =
            ClaimMeaning.isTime(part.name) && part.role == .claim
            ? Int64(part.value).flatMap { UTCTime(secondsSince1970: $0) }.map {
                " <span class=\"own\">\($0.html)</span>"
            } : nil
        return """
            <tr role="row"><th role="rowheader" scope="row"><code>\(.foreign(part.name, limit: 100))</code></th>\
            <td role="cell" class="value">\(sign)\(.foreign(part.value))\(time)</td>\(meaning)</tr>

            """
    }

    private func rules(_ parts: [LoginRecord.Part]) -> HTML {
        let rows: [HTML] = parts.map { part in
            let meaning = RuleMeaning.of(part.name)
            let words: HTML? = meaning.map {
                "<br><span class=\"own\">\($0.text). \($0.specification)</span>"
            }
            let verdict: HTML =
                switch part.verdict {
                case .passed?: "<span class=\"verdict passed\">✓ passed</span>"
                case .failed?: "<span class=\"verdict failed\">✗ failed</span>"
                case .notApplicable?, nil: "<span class=\"verdict\">– not applicable</span>"
                }
            let isAbsent = part.verdict == .notApplicable && part.value.isExactly("none")
            return """
                <tr role="row"><th role="rowheader" scope="row"><code>\(.foreign(part.name, limit: 100))</code>\(words)</th>\
                <td role="cell"><span class="narrow">expected </span>\(.foreign(part.expected ?? ""))</td>\
                <td role="cell"><span class="narrow">came </span>\(.foreign(isAbsent ? "" : part.value))</td>\
                <td role="cell">\(verdict)</td></tr>

                """
        }
        return """
            <table class="claims detail rules" role="table">
            <caption>Every rule, in the order in which it was applied</caption>
            <thead role="rowgroup"><tr role="row"><th role="columnheader" scope="col">Rule</th>\
            <th role="columnheader" scope="col">Expected</th><th role="columnheader" scope="col">What came</th>\
            <th role="columnheader" scope="col">Verdict</th></tr></thead>
            <tbody role="rowgroup">
            \(rows)</tbody></table>
            """
    }
}
