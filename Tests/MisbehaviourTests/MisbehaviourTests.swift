import MisbehavingProvider
import Testing

@Suite("The app, over the wire, at a provider that misbehaves", WritesTable())
struct MisbehaviourTests {
    /// As many as two processors serve without any of them being slow for it.
    private static let gate = Gate(room: 6)
    /// Those that wait need no processor.
    private static let waitingRoom = Gate(room: 12)

    @Test("a module of the conformance suite ends as it has to", arguments: Row.modules)
    func modules(_ row: Row) async throws { try await Self.gate.pass { try await judge(row) } }

    @Test("an ID Token that the provider's key did not sign is refused", arguments: Row.signatures)
    func signatures(_ row: Row) async throws { try await Self.gate.pass { try await judge(row) } }

    @Test("an ID Token that is not written strictly is refused", arguments: Row.encodings)
    func encodings(_ row: Row) async throws { try await Self.gate.pass { try await judge(row) } }

    @Test("an ID Token with a claim that is wrong is refused", arguments: Row.claims)
    func claims(_ row: Row) async throws { try await Self.gate.pass { try await judge(row) } }

    @Test("a key set without the key that it takes is of no use", arguments: Row.keySets)
    func keySets(_ row: Row) async throws { try await Self.gate.pass { try await judge(row) } }

    @Test("what is not strict JSON is refused, wherever it comes", arguments: Row.documents)
    func documents(_ row: Row) async throws { try await Self.gate.pass { try await judge(row) } }

    @Test("metadata that are wrong begin no login", arguments: Row.metadata)
    func metadata(_ row: Row) async throws { try await Self.gate.pass { try await judge(row) } }

    @Test("an authorization response that is wrong redeems no code", arguments: Row.responses)
    func responses(_ row: Row) async throws { try await Self.gate.pass { try await judge(row) } }

    @Test("an answer of the token endpoint that is wrong logs nobody in", arguments: Row.tokenAnswers)
    func tokenAnswers(_ row: Row) async throws { try await Self.gate.pass { try await judge(row) } }

    @Test("a document or a user info that is wrong logs nobody in", arguments: Row.otherAnswers)
    func otherAnswers(_ row: Row) async throws { try await Self.gate.pass { try await judge(row) } }

    @Test("an answer that is broken on its way ends the login", arguments: Row.network + Row.bombs + Row.unreachable)
    func network(_ row: Row) async throws { try await Self.gate.pass { try await judge(row) } }

    @Test("what is unusual and right logs in", arguments: Row.unusual)
    func unusual(_ row: Row) async throws { try await Self.gate.pass { try await judge(row) } }

    @Test("a login in another way than the usual one ends as it has to", arguments: Row.otherWays)
    func ways(_ row: Row) async throws { try await Self.gate.pass { try await judge(row) } }

    @Test("an answer that does not come ends the login in time", arguments: Row.slow)
    func slow(_ row: Row) async throws { try await Self.waitingRoom.pass { try await judge(row) } }

    /// Plays a row, and holds everything that was seen against what has to be.
    private func judge(_ row: Row) async throws {
        let seen = try await row.play()
        let isAsExpected =
            seen.outcome == row.expected && seen.isLoggedIn == (row.expected == .accepted)
            && row.fits(seen.record.requests) && seen.record.elsewhere.isEmpty
            && seen.record.violations.isEmpty != row.expectsViolations
        ResultTable.shared.add(
            ResultTable.Line(
                name: row.name, expected: row.expected, seen: "\(seen.outcome)\(seen.isLoggedIn ? ", logged in" : "")",
                isAsExpected: isAsExpected, statuses: seen.statuses, longestAnswer: seen.longestAnswer,
                refusal: seen.refusal, reason: row.reason))
        #expect(seen.outcome == row.expected)
        #expect(seen.isLoggedIn == (row.expected == .accepted))
        #expect(seen.refusals == (row.expected == .accepted ? 0 : 1))
        // What the user is told: the rule, and what to do.
        if case .refused(let rule, _) = row.expected {
            #expect(seen.refusal?.rule == rule)
            #expect((seen.refusal?.remedy.count ?? 0) > 10 && (seen.refusal?.summary.count ?? 0) > 10)
            #expect(seen.trace.contains(rule) || seen.trace.contains("There is no login to show"))
        }
        // What the provider saw.
        #expect(row.fits(seen.record.requests), "asked: \(seen.record.requests)")
        #expect(seen.record.elsewhere.isEmpty, "a second server was asked")
        #expect(seen.record.violations.isEmpty != row.expectsViolations, "\(seen.record.violations)")
        // What the app answered.
        #expect(!seen.statuses.contains(500))
        #expect(seen.plainTexts.contains("oidc_demo_") && seen.plainTexts.contains("login"))
        #expect(seen.longestAnswer < .seconds(15))
        #expect(seen.exitStatus == 0)
        if let words = row.words { #expect(seen.log.contains(words)) }
        #expect(!seen.pages.contains("<script>alert"))
        for (what, secret) in seen.record.secrets + [("client secret", "canary-secret")] {
            let isShown = [seen.pages, seen.log, seen.plainTexts].contains { $0.contains(secret) }
            #expect(!isShown, "the \(what) was shown or logged")
        }
    }
}
