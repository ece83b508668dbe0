import Sessions

extension SessionStoreCheck {
    static let tokenChecks = [
        SessionStoreCheck("every session gets a token of its own") { fixture in
            let session = fixture.session()
            var tokens: Set<SessionToken> = []
            for _ in 0..<100 { tokens.insert(try await fixture.store.create(session)) }
            try fixture.expect(tokens.count == 100, "a token was given twice")
        },
        SessionStoreCheck("a token of another gives nothing, and nothing is kept under it") { fixture in
            let texts = [
                SessionID.generate().string, "a", "A_-0", String(repeating: "A", count: 43),
                String(repeating: "B", count: 43), String(repeating: "A", count: 12_288),
            ]
            for token in texts.compactMap({ SessionToken($0) }) {
                try await fixture.expect(token, gives: nil, "a foreign token gave a session")
                try await fixture.expectGone(replacing: token, "a session was kept under a foreign token")
                try await fixture.expect(token, gives: nil, "a foreign token came to give a session")
                try await fixture.store.delete(token)
            }
        },
        SessionStoreCheck("a token with one character changed gives nothing") { fixture in
            let token = try await fixture.store.create(fixture.session())
            for index in token.string.indices {
                var text = token.string
                text.replaceSubrange(index...index, with: text[index] == "A" ? "B" : "A")
                guard let changed = SessionToken(text) else { continue }
                try await fixture.expect(changed, gives: nil, "a changed token gave a session")
            }
            for text in [String(token.string.dropLast()), token.string + "A"] {
                guard let changed = SessionToken(text) else { continue }
                try await fixture.expect(changed, gives: nil, "a token of another length gave a session")
            }
        },
    ]
}
