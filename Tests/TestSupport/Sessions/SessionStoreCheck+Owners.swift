import FoundationEssentials
import Sessions

extension SessionStoreCheck {
    private static func user(_ subject: String, at issuer: String = "https://issuer.example") -> SessionOwner {
        .user(issuer: issuer, subject: subject)
    }

    private static func providerSession(_ id: String, at issuer: String = "https://issuer.example") -> SessionOwner {
        .providerSession(issuer: issuer, sessionID: id)
    }

    static let ownerChecks = [
        SessionStoreCheck("all sessions of a user end together, and nobody else's") { fixture in
            let first = try await fixture.store.create(fixture.session("1", of: "ada", in: "s1"))
            let second = try await fixture.store.create(fixture.session("2", of: "ada", in: nil))
            let other = try await fixture.store.create(fixture.session("3", of: "ben", in: "s1"))
            let count = try await fixture.store.deleteAll(of: user("ada"))
            try fixture.expect(count == 2 || count == nil, "\(count ?? 0) ended")
            for token in [first, second] {
                try await fixture.expect(token, gives: nil, "a session of the user went on")
            }
            try await fixture.expect(fixture.store.load(other) != nil, "another user's session ended")
        },
        SessionStoreCheck("all of one session at the provider end together, and no others") { fixture in
            let first = try await fixture.store.create(fixture.session("1", in: "s1"))
            let second = try await fixture.store.create(fixture.session("2", in: "s1"))
            let other = try await fixture.store.create(fixture.session("3", in: "s2"))
            let without = try await fixture.store.create(fixture.session("4", in: nil))
            try await fixture.store.deleteAll(of: providerSession("s1"))
            for token in [first, second] { try await fixture.expect(token, gives: nil, "a session went on") }
            for token in [other, without] {
                try await fixture.expect(fixture.store.load(token) != nil, "another session ended")
            }
        },
        SessionStoreCheck("a session at the provider that ended, and whose sid serves again, ends no new session here")
        {
            fixture in
            let old = try await fixture.store.create(fixture.session("old", in: "s1"))
            try await fixture.store.deleteAll(of: providerSession("s1"))
            fixture.clock.advance(by: 0.001)
            let new = try await fixture.store.create(fixture.session("new", in: "s1"))
            try await fixture.expect(fixture.store.load(new) != nil, "the new session ended too")
            try await fixture.expect(old, gives: nil, "the old one came back")
            try await fixture.expectGone(replacing: old, "an ended session was replaced")
            try await fixture.store.deleteAll(of: providerSession("s1"))
            try await fixture.expect(new, gives: nil, "the new session did not end")
        },
        SessionStoreCheck("a session at the provider ends at a machine whose clock is behind") { fixture in
            let token = try await fixture.store.create(fixture.session(in: "s1"))
            fixture.clock.advance(by: -5)
            try await fixture.store.deleteAll(of: providerSession("s1"))
            fixture.clock.advance(by: 5)
            try await fixture.expect(token, gives: nil, "it went on")
        },
        SessionStoreCheck("an owner is told apart from one of another issuer, and from what only reads alike") {
            fixture in
            let token = try await fixture.store.create(fixture.session(of: "ada", in: "s1"))
            for owner in [
                user("ada", at: "https://issuer.exampl"), user("ad"), user("s1"), user("ADA"), user(""),
                user("a", at: "https://issuer.examplead"), providerSession("ada"), providerSession(""),
                providerSession("s1", at: "https://other.example"), providerSession("s"),
            ] {
                try await fixture.store.deleteAll(of: owner)
                try fixture.expect(
                    try await fixture.store.sessions(of: owner)?.sessions.isEmpty ?? true, "\(owner) has a session")
            }
            try await fixture.expect(fixture.store.load(token) != nil, "a session ended with another owner's")
        },
        SessionStoreCheck("who ended all sessions can log in again, and those stay ended") { fixture in
            let old = try await fixture.store.create(fixture.session(of: "ada"))
            try await fixture.store.deleteAll(of: user("ada"))
            fixture.clock.advance(by: 0.001)
            let new = try await fixture.store.create(fixture.session(of: "ada"))
            try await fixture.expect(fixture.store.load(new) != nil, "the new session ended too")
            try await fixture.expect(old, gives: nil, "the old one came back")
            try await fixture.expectGone(replacing: old, "an ended session was replaced")
        },
        SessionStoreCheck(
            "a user's sessions are listed by their handles, those that are over left out", needs: [.server]
        ) {
            fixture in
            let short = fixture.session("short", lasting: 60, of: "ada", in: "s1")
            let long = fixture.session("long", of: "ada", in: "s2")
            let first = try await fixture.store.create(short)
            let second = try await fixture.store.create(long)
            _ = try await fixture.store.create(fixture.session("other", of: "ben"))
            let expected = [
                fixture.store.handle(of: first).map { ListedSession(handle: $0, session: short) },
                fixture.store.handle(of: second).map { ListedSession(handle: $0, session: long) },
            ]
            let listed = try await fixture.store.sessions(of: user("ada"))?.sessions ?? []
            try fixture.expect(Set(listed) == Set(expected), "the list is another: \(listed.count) sessions")
            let ofOne = try await fixture.store.sessions(of: providerSession("s2"))?.sessions ?? []
            try fixture.expect(Set(ofOne) == [expected[1]], "the list of s2 is another: \(ofOne.count) sessions")
            fixture.clock.advance(by: 60)
            let left = try await fixture.store.sessions(of: user("ada"))?.sessions ?? []
            try fixture.expect(Set(left) == [expected[1]], "a session that is over is listed")
        },
        SessionStoreCheck("the newest 100 sessions of a user are listed, and the others counted", needs: [.server]) {
            fixture in
            var tokens: [SessionToken] = []
            for number in 0..<230 {
                tokens.append(try await fixture.store.create(fixture.session("\(number)", of: "ada")))
                fixture.clock.advance(by: 0.001)
            }
            let list = try await fixture.store.sessions(of: user("ada"))
            try fixture.expect(list?.count == 230, "\(list?.count ?? 0) are counted")
            let handles = list?.sessions.map(\.handle) ?? []
            try fixture.expect(
                handles == tokens.suffix(100).reversed().map { fixture.store.handle(of: $0) }, "others are listed")
            // All end, not only those that are listed.
            try await fixture.store.deleteAll(of: user("ada"))
            for token in tokens { try await fixture.expect(token, gives: nil, "a session went on") }
            let rest = try await fixture.store.sessions(of: user("ada"))
            try fixture.expect(rest == SessionList([], count: 0), "\(rest?.count ?? 0) are left")
        },
        SessionStoreCheck("a list has the summary of a session, without its payload", needs: [.server]) { fixture in
            var session = fixture.session("payload", of: "ada")
            session.summary = Array("summary".utf8)
            let token = try await fixture.store.create(session)
            try await fixture.expect(token, gives: session, "a session changed while it was kept")
            let plain = try await fixture.store.create(fixture.session("plain", of: "ada", in: nil))
            var summaries = try await fixture.store.sessions(of: user("ada"))?.sessions.map(\.summary) ?? []
            try fixture.expect(Set(summaries) == [Array("summary".utf8), Array("plain".utf8)], "others are listed")
            fixture.clock.advance(by: 90)
            _ = try await fixture.store.load(token)
            session.summary = Array("another".utf8)
            _ = try await fixture.store.replace(token, with: session)
            try await fixture.store.delete(plain)
            let listed = try await fixture.store.sessions(of: user("ada"))?.sessions ?? []
            summaries = listed.map(\.summary)
            try fixture.expect(summaries == [session.summary], "the summary was not replaced")
            try fixture.expect(listed.first?.lastUsedAt == fixture.clock.now(), "the last use is another")
            try fixture.expect(listed.first?.createdAt == session.createdAt, "the login is another")
        },
        SessionStoreCheck("a session with a large summary, or a long subject, is kept and listed", needs: [.server]) {
            fixture in
            var sessions = [fixture.session(of: "ada"), fixture.session(of: String(repeating: "a", count: 20_000))]
            sessions[0].summary = [UInt8](repeating: 1, count: 20_000)
            sessions[1].summary = [2]
            for session in sessions {
                let token = try await fixture.store.create(session)
                try await fixture.expect(token, gives: session, "a session changed while it was kept")
                let listed = try await fixture.store.sessions(of: user(session.subject ?? ""))?.sessions ?? []
                try fixture.expect(listed.map(\.summary) == [session.summary], "another summary is listed")
            }
        },
        SessionStoreCheck("a session of which one at the provider is known can stay when the others of a user end") {
            fixture in
            let with = try await fixture.store.create(fixture.session("1", of: "ada", in: "s1"))
            let without = try await fixture.store.create(fixture.session("2", of: "ada", in: nil))
            let other = try await fixture.store.create(fixture.session("3", of: "ben", in: nil))
            try await fixture.store.deleteAllWithoutProviderSession(of: user("ada"))
            try await fixture.expect(without, gives: nil, "a session of the user went on")
            try await fixture.expect(fixture.store.load(other) != nil, "another user's session ended")
            if fixture.store.handle(of: with) != nil, try await fixture.store.sessions(of: user("ada")) != nil {
                try await fixture.expect(fixture.store.load(with) != nil, "it did not stay")
            }
        },
        SessionStoreCheck("of many sessions all end of which none at the provider is known", needs: [.server]) {
            fixture in
            var (with, without): ([SessionToken], [SessionToken]) = ([], [])
            for number in 0..<150 {
                with.append(try await fixture.store.create(fixture.session(of: "ada", in: "s\(number)")))
                without.append(try await fixture.store.create(fixture.session(of: "ada", in: nil)))
                fixture.clock.advance(by: 0.001)
            }
            try await fixture.store.deleteAllWithoutProviderSession(of: user("ada"))
            for token in with { try await fixture.expect(fixture.store.load(token) != nil, "it did not stay") }
            for token in without { try await fixture.expect(token, gives: nil, "a session went on") }
        },
        SessionStoreCheck("a session ends by its handle", needs: [.server]) { fixture in
            let token = try await fixture.store.create(fixture.session(of: "ada"))
            let other = try await fixture.store.create(fixture.session(of: "ada"))
            guard let handle = fixture.store.handle(of: token) else {
                throw Failure(description: "the token has no handle")
            }
            try await fixture.store.delete(handle, of: user("ada"))
            try await fixture.expect(token, gives: nil, "it went on")
            try await fixture.expect(fixture.store.load(other) != nil, "another session ended")
        },
        SessionStoreCheck("nobody ends another's session by its handle", needs: [.server]) { fixture in
            let token = try await fixture.store.create(fixture.session(of: "ada"))
            guard let handle = fixture.store.handle(of: token) else {
                throw Failure(description: "the token has no handle")
            }
            try await fixture.store.delete(handle, of: user("ben"))
            try await fixture.expect(fixture.store.load(token) != nil, "it ended")
        },
        SessionStoreCheck("a session that gets another owner leaves the first", needs: [.server]) { fixture in
            let token = try await fixture.store.create(fixture.session(of: "ada", in: "s1"))
            _ = try await fixture.store.replace(token, with: fixture.session(of: "ben", in: "s2"))
            try await fixture.store.deleteAll(of: user("ada"))
            try await fixture.store.deleteAll(of: providerSession("s1"))
            try await fixture.expect(fixture.store.load(token) != nil, "it ended with its former owner's")
            try await fixture.store.deleteAll(of: providerSession("s2"))
            try await fixture.expect(token, gives: nil, "it did not end with its owner's")
        },
    ]
}
