import FoundationEssentials
import Sessions

extension SessionStoreCheck {
    static let contentChecks = [
        SessionStoreCheck("a session comes back as it was kept") { fixture in
            let now = fixture.clock.now()
            let sessions = [
                fixture.session(),
                Session(payload: [], createdAt: now, expiresAt: now.addingTimeInterval(60)),
                Session(
                    payload: Array(0...255), issuer: "", subject: "süßes \u{0} 🍯",
                    createdAt: now.addingTimeInterval(-9.5), lastUsedAt: now.addingTimeInterval(-1.25),
                    expiresAt: now.addingTimeInterval(60)),
                fixture.session(String(repeating: "x", count: 5000)),
            ]
            for session in sessions {
                let token = try await fixture.store.create(session)
                try await fixture.expect(token, gives: session, "a session changed while it was kept")
            }
        },
        SessionStoreCheck("a session of 64 KiB is kept, and a larger one refused", needs: [.server]) { fixture in
            let texts =
                fixture.session("").payload.count + "https://issuer.example".utf8.count + "subjectsid".utf8.count
            func session(_ count: Int) -> Session {
                fixture.session(String(repeating: "x", count: count - texts))
            }
            let largest = session(64 << 10)
            let token = try await fixture.store.create(largest)
            try await fixture.expect(token, gives: largest, "it was not kept whole")
            let larger = session((64 << 10) + 1)
            for attempt in [
                { @Sendable in _ = try await fixture.store.create(larger) },
                { @Sendable in _ = try await fixture.store.replace(token, with: larger) },
            ] {
                do {
                    try await attempt()
                    throw Failure(description: "a larger one was kept")
                } catch let error as SessionStoreError {
                    try fixture.expect(error.code == .tooLarge, "the error is \(error)")
                }
            }
            try await fixture.expect(token, gives: largest, "what did not fit took the place of what did")
        },
        SessionStoreCheck("new content takes the place of the old, and is a use") { fixture in
            let token = try await fixture.store.create(fixture.session())
            fixture.clock.advance(by: 10)
            var changed = fixture.session("another")
            changed.subject = nil
            changed.expiresAt = changed.expiresAt.addingTimeInterval(-1)
            let replaced = try await fixture.store.replace(token, with: changed)
            try await fixture.expect(replaced, gives: changed, "the new content is not there")
        },
        SessionStoreCheck("new content does not need a new token", needs: [.server]) { fixture in
            let token = try await fixture.store.create(fixture.session())
            let replaced = try await fixture.store.replace(token, with: fixture.session("another"))
            try fixture.expect(replaced == token, "the token changed")
        },
        SessionStoreCheck("a deleted session is gone, alone, and deleting it again does nothing", needs: [.server]) {
            fixture in
            let token = try await fixture.store.create(fixture.session("one"))
            let other = try await fixture.store.create(fixture.session("two"))
            try await fixture.store.delete(token)
            try await fixture.store.delete(token)
            try await fixture.expect(token, gives: nil, "a deleted session is still there")
            try await fixture.expect(other, gives: fixture.session("two"), "another session went with it")
        },
        SessionStoreCheck("a deleted session does not come back with new content", needs: [.server]) { fixture in
            let token = try await fixture.store.create(fixture.session())
            try await fixture.store.delete(token)
            try await fixture.expectGone(replacing: token, "a deleted session was replaced")
            try await fixture.expect(token, gives: nil, "a deleted session came back")
        },
    ]
}
