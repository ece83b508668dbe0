import Sessions

extension SessionStoreCheck {
    static let concurrencyChecks = [
        SessionStoreCheck("200 sessions kept at once are all there") { fixture in
            try await withThrowingTaskGroup { group in
                for number in 0..<200 {
                    group.addTask {
                        let session = fixture.session("\(number)")
                        let token = try await fixture.store.create(session)
                        try await fixture.expect(token, gives: session, "a session is another's")
                    }
                }
                try await group.waitForAll()
            }
        },
        SessionStoreCheck("of contents written at once one stays, whole", needs: [.server]) { fixture in
            let token = try await fixture.store.create(fixture.session())
            try await withThrowingTaskGroup { group in
                for number in 0..<50 {
                    group.addTask {
                        let text = String(repeating: "\(number % 10)", count: 1000 + number)
                        _ = try await fixture.store.replace(token, with: fixture.session(text))
                    }
                }
                try await group.waitForAll()
            }
            let payload = try await fixture.store.load(token)?.payload ?? []
            try fixture.expect(Set(payload).count == 1 && payload.count >= 1000, "the content is a mixture")
        },
        SessionStoreCheck("a session deleted while it is written stays deleted", needs: [.server]) { fixture in
            for _ in 0..<20 {
                let token = try await fixture.store.create(fixture.session())
                // So that a load writes too.
                fixture.clock.advance(by: 61)
                await withTaskGroup { group in
                    for _ in 0..<5 {
                        group.addTask { _ = try? await fixture.store.replace(token, with: fixture.session("new")) }
                        group.addTask { _ = try? await fixture.store.load(token) }
                    }
                    group.addTask { try? await fixture.store.delete(token) }
                }
                try await fixture.expect(token, gives: nil, "a deleted session came back")
            }
        },
    ]
}
