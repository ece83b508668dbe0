import FoundationEssentials
import Sessions

extension SessionStoreCheck {
    static let lifetimeChecks = [
        SessionStoreCheck("a session that is not used ends after the idle time, not before") { fixture in
            let token = try await fixture.store.create(fixture.session())
            let unused = try await fixture.store.create(fixture.session())
            fixture.clock.advance(by: Fixture.lifetime.idle - 0.001)
            try await fixture.expect(fixture.store.load(token) != nil, "it ended too early")
            fixture.clock.advance(by: 0.001)
            try await fixture.expect(unused, gives: nil, "it did not end")
            try await fixture.expectGone(replacing: unused, "an ended session was replaced")
            try await fixture.expect(unused, gives: nil, "it came back")
        },
        SessionStoreCheck("a session that is used ends at the absolute time, not before") { fixture in
            var token = try await fixture.store.create(fixture.session())
            let step = Fixture.lifetime.idle / 2
            for _ in 0..<Int(Fixture.lifetime.absolute / step) - 1 {
                fixture.clock.advance(by: step)
                try await fixture.expect(fixture.use(&token) != nil, "it ended though it was used")
            }
            fixture.clock.advance(by: step)
            try await fixture.expect(token, gives: nil, "it did not end")
            try await fixture.expectGone(replacing: token, "an ended session was replaced")
        },
        SessionStoreCheck("a session ends at its own end where that comes first") { fixture in
            let token = try await fixture.store.create(fixture.session(lasting: 30))
            fixture.clock.advance(by: 29.999)
            try await fixture.expect(fixture.store.load(token) != nil, "it ended too early")
            fixture.clock.advance(by: 0.001)
            try await fixture.expect(token, gives: nil, "it did not end")
        },
        SessionStoreCheck("a use is noted once a minute, not each time") { fixture in
            var token = try await fixture.store.create(fixture.session())
            let began = fixture.clock.now()
            fixture.clock.advance(by: 59.999)
            _ = try await fixture.use(&token)
            try await fixture.expect(fixture.store.load(token)?.lastUsedAt == began, "it was noted within a minute")
            fixture.clock.advance(by: 0.001)
            _ = try await fixture.use(&token)
            let noted = try await fixture.store.load(token)?.lastUsedAt
            try fixture.expect(noted == fixture.clock.now(), "it was not noted after a minute")
        },
        SessionStoreCheck("a clock that went back ends no session") { fixture in
            let session = fixture.session()
            let token = try await fixture.store.create(session)
            fixture.clock.advance(by: -7200)
            try await fixture.expect(token, gives: session, "it ended before it began")
        },
        SessionStoreCheck("cleaning up removes what is over and nothing else") { fixture in
            let kept = try await fixture.store.create(fixture.session("kept"))
            fixture.clock.advance(by: 10)
            try await fixture.store.removeExpired()
            try await fixture.expect(fixture.store.load(kept)?.payload == Array("kept".utf8), "a live session went")
        },
        SessionStoreCheck("what was cleaned up is gone, were the clock to go back", needs: [.server, .sweeping]) {
            fixture in
            var own: [SessionToken] = []
            // More than a batch of any store.
            for _ in 0..<700 { own.append(try await fixture.store.create(fixture.session(lasting: 60))) }
            let idle = try await fixture.store.create(fixture.session())
            fixture.clock.advance(by: Fixture.lifetime.idle)
            let alive = try await fixture.store.create(fixture.session("alive"))
            try await fixture.store.removeExpired()
            try await fixture.expect(fixture.store.load(alive) != nil, "a live session went")
            fixture.clock.advance(by: -Fixture.lifetime.idle)
            try await fixture.expect(idle, gives: nil, "an idle session was left")
            for token in own { try await fixture.expect(token, gives: nil, "an ended session was left") }
        },
    ]
}
