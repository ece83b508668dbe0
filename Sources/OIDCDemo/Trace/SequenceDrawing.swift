import ByteText
import OpenIDConnect

/// Draws who said what to whom: browser, app and provider from left to right, time downwards. What failed is told by a
/// cross and by words, not by colour alone.
struct SequenceDrawing {
    fileprivate enum Party: Int {
        case browser = 62
        case app = 210
        case provider = 358

        var x: Int { rawValue }
    }

    fileprivate struct Row {
        let kind: LoginRecord.Step.Kind
        let from: Party
        let to: Party
        let label: String
        var isFailed = false
        /// Done within one party, without a message.
        var isOwn: Bool { from == to }
    }

    private static let width = 420
    private static let top = 54
    private static let rowHeight = 46

    private let rows: [Row]

    /// The drawing of a record.
    init(_ record: LoginRecord) {
        rows = record.steps.flatMap { Self.rows(of: $0) }
    }

    /// The drawing in words, for who does not see it.
    private var words: String {
        let sentences = rows.enumerated().map { index, row in
            let who = row.isOwn ? Self.name(row.from) : "\(Self.name(row.from)) to \(Self.name(row.to))"
            return "\(index + 1). \(who): \(row.label)\(row.isFailed ? ", which failed" : "")."
        }
        return sentences.joined(separator: " ")
    }

    /// The `svg` element.
    var html: HTML {
        let height = Self.top + rows.count * Self.rowHeight + 18
        let lines: [HTML] = [Party.browser, .app, .provider].map { party in
            """
            <line class="life" x1="\(party.x)" y1="40" x2="\(party.x)" y2="\(height - 8)"/>\
            <rect class="party" x="\(party.x - 56)" y="8" width="112" height="32" rx="9"/>\
            <text class="name" x="\(party.x)" y="29">\(Self.name(party))</text>

            """
        }
        let drawn: [HTML] = rows.enumerated().map { index, row in
            row.html(number: index + 1, y: Self.top + index * Self.rowHeight)
        }
        return """
            <svg class="sequence" viewBox="0 0 \(Self.width) \(height)" role="img" aria-labelledby="sequence-title \
            sequence-words">
            <title id="sequence-title">The messages of this login in order</title>
            <desc id="sequence-words">\(words)</desc>
            \(lines)\(drawn)</svg>
            """
    }

    private static func name(_ party: Party) -> String {
        switch party {
        case .browser: "Browser"
        case .app: "This app"
        case .provider: "Provider"
        }
    }

    /// The messages of a step.
    private static func rows(of step: LoginRecord.Step) -> [Row] {
        let kind = step.kind
        let wasSent = step.parts.contains { $0.role == .sent }
        let error = step.parts.first { $0.role == .received && $0.name.isExactly("error") }
        var rows: [Row] =
            switch kind {
            case .discovery:
                wasSent
                    ? [
                        Row(kind: kind, from: .app, to: .provider, label: "What are you like?"),
                        Row(kind: kind, from: .provider, to: .app, label: "metadata"),
                    ] : [Row(kind: kind, from: .app, to: .app, label: "metadata, kept")]
            case .authorizationRequest:
                [
                    Row(kind: kind, from: .app, to: .browser, label: "redirect, sealed cookie"),
                    Row(kind: kind, from: .browser, to: .provider, label: "request: state, nonce, challenge"),
                    Row(kind: kind, from: .provider, to: .provider, label: "the user logs in"),
                ]
            case .authorizationResponse:
                [
                    Row(
                        kind: kind, from: .provider, to: .browser,
                        label: error == nil ? "redirect: code, state" : "redirect: an error"),
                    Row(
                        kind: kind, from: .browser, to: .app, label: error == nil ? "code, state, cookie" : "the error"),
                ]
            case .tokenRequest:
                [
                    Row(kind: kind, from: .app, to: .provider, label: "code, verifier, proof"),
                    Row(kind: kind, from: .provider, to: .app, label: "tokens"),
                ]
            case .keys:
                wasSent
                    ? [
                        Row(kind: kind, from: .app, to: .provider, label: "Which keys are yours?"),
                        Row(kind: kind, from: .provider, to: .app, label: "keys"),
                    ] : [Row(kind: kind, from: .app, to: .app, label: "keys, kept")]
            case .idToken:
                [Row(kind: kind, from: .app, to: .app, label: "checks \(count(step)) rules")]
            case .userInfo:
                wasSent
                    ? [
                        Row(kind: kind, from: .app, to: .provider, label: "access token"),
                        Row(kind: kind, from: .provider, to: .app, label: "claims about the user"),
                    ] : [Row(kind: kind, from: .app, to: .app, label: "claims, joined")]
            case .session: [Row(kind: kind, from: .app, to: .browser, label: "a new session cookie")]
            }
        if step.isFailed, let last = rows.indices.last { rows[last].isFailed = true }
        return rows
    }

    private static func count(_ step: LoginRecord.Step) -> Int {
        step.parts.count { $0.role == .rule && $0.verdict != .notApplicable }
    }
}

extension SequenceDrawing.Row {
    fileprivate func html(number: Int, y: Int) -> HTML {
        let sign = isFailed ? "✗ " : ""
        let style = isFailed ? "failed" : "message"
        if isOwn {
            // Written towards the middle: the outer parties stand at the edge.
            let x = from == .provider ? from.x - 16 : from.x + 16
            let anchor = from == .provider ? "end" : "start"
            return """
                <g class="\(style)"><circle class="own" cx="\(from.x)" cy="\(y + 22)" r="9"/>\
                <text class="label" x="\(x)" y="\(y + 26)" text-anchor="\(anchor)">\(sign)\(number). \(label)</text></g>

                """
        }
        let towards = from.x < to.x ? 1 : -1
        let end = to.x - towards * 3
        return """
            <g class="\(style)"><line class="arrow-line" x1="\(from.x)" y1="\(y + 32)" x2="\(end)" y2="\(y + 32)"/>\
            <path class="arrow-head" d="M\(end - towards * 8) \(y + 27)L\(end) \(y + 32)L\(end - towards * 8) \(y + 37)"/>\
            <text class="label" x="\((from.x + to.x) / 2)" y="\(y + 24)" text-anchor="middle">\(sign)\(number). \
            \(label)</text></g>

            """
    }
}
