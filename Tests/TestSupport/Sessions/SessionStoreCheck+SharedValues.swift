import FoundationEssentials
import Sessions

extension SessionStoreCheck {
    private static let key = SharedKey(.state, "state")
    private static let other = SharedKey(.logoutToken, "state")

    static let sharedValueChecks = [
        SessionStoreCheck("a shared value serves until its end, not after") { fixture in
            let end = fixture.clock.now().addingTimeInterval(10)
            try await fixture.store.shared.set([1, 0, 255], for: key, until: end)
            fixture.clock.advance(by: 9.999)
            let values = try await fixture.store.shared.values(for: [other, key, key])
            try fixture.expect(values == [nil, [1, 0, 255], [1, 0, 255]], "another value came back")
            fixture.clock.advance(by: 0.001)
            let late = try await fixture.store.shared.values(for: [key])
            try fixture.expect(late == [nil], "it served after its end")
        },
        SessionStoreCheck("a shared value takes the place of an earlier one") { fixture in
            let now = fixture.clock.now()
            try await fixture.store.shared.set([1], for: key, until: now.addingTimeInterval(10))
            try await fixture.store.shared.set([], for: key, until: now.addingTimeInterval(100))
            fixture.clock.advance(by: 50)
            let values = try await fixture.store.shared.values(for: [key])
            try fixture.expect(values == [[]], "the earlier one stayed")
        },
        SessionStoreCheck("of 50 at a time one is the first, and after the end another") { fixture in
            for round in 1...2 {
                let end = fixture.clock.now().addingTimeInterval(10)
                let firsts = try await withThrowingTaskGroup(of: Bool.self) { group in
                    for number in 0..<50 {
                        group.addTask { try await fixture.store.shared.setFirst([UInt8(number)], for: key, until: end) }
                    }
                    return try await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
                }
                try fixture.expect(firsts == 1, "\(firsts) were first in round \(round)")
                fixture.clock.advance(by: 10)
            }
        },
        SessionStoreCheck("shared values that were cleaned up are gone, were the clock to go back", needs: [.sweeping])
        {
            fixture in
            let end = fixture.clock.now().addingTimeInterval(10)
            let ways: [@Sendable (any SessionStore) async throws -> Void] = [
                { try await $0.shared.removeEnded() }, { try await $0.removeExpired() },
            ]
            for clean in ways {
                // More than a batch of any store.
                let ended = (0..<600).map { SharedKey(.state, "\($0)") }
                for key in ended { try await fixture.store.shared.set([1], for: key, until: end) }
                try await fixture.store.shared.set([2], for: other, until: end + 10)
                fixture.clock.advance(by: 10)
                try await clean(fixture.store)
                fixture.clock.advance(by: -10)
                let left = try await fixture.store.shared.values(for: ended + [other])
                try fixture.expect(left.last == [2], "a value went whose end has not come")
                try fixture.expect(left.dropLast().allSatisfy { $0 == nil }, "an ended value was left")
            }
        },
        SessionStoreCheck("a shared value is removed by who has set it, and by nobody else") { fixture in
            let end = fixture.clock.now().addingTimeInterval(10)
            try await fixture.store.shared.set([1], for: key, until: end)
            try await fixture.store.shared.remove([2], for: key)
            try await fixture.expect(fixture.store.shared.values(for: [key]) == [[1]], "another removed it")
            try await fixture.store.shared.remove([1], for: key)
            try await fixture.expect(fixture.store.shared.values(for: [key]) == [nil], "it was not removed")
            try await fixture.expect(fixture.store.shared.setFirst([3], for: key, until: end), "its place is taken")
        },
    ]

    static let secretChecks = [
        SessionStoreCheck("new secrets in front of the old log nobody out", needs: [.sealing]) { fixture in
            let old = try await fixture.store.create(fixture.session("old"))
            try fixture.keys.replace(with: ["a newer secret, of more than 32 bytes", Fixture.secret])
            let new = try await fixture.store.create(fixture.session("new"))
            try await fixture.expect(fixture.store.load(old)?.payload == Array("old".utf8), "the old session is lost")
            try await fixture.expect(fixture.store.load(new)?.payload == Array("new".utf8), "the new session is lost")
            try fixture.keys.replace(with: ["a newer secret, of more than 32 bytes"])
            try await fixture.expect(old, gives: nil, "a session of a secret that was taken out goes on")
            try await fixture.expect(fixture.store.load(new) != nil, "the new secret did not seal")
        },
        SessionStoreCheck("secrets that will not do change nothing", needs: [.sealing]) { fixture in
            let token = try await fixture.store.create(fixture.session())
            for secrets in [[], ["too short"], [Fixture.secret, ""]] { try? fixture.keys.replace(with: secrets) }
            try await fixture.expect(fixture.store.load(token) != nil, "the session is lost")
        },
    ]
}
