import Foundation
import Sessions
import Synchronization

/// `session-growth [STORE [COUNT...]]`: what a store costs, by the number of sessions in it.
@main
struct SessionGrowth {
    static func main() async throws {
        var arguments = CommandLine.arguments.dropFirst()
        let name = arguments.popFirst() ?? "sqlite"
        let counts = arguments.isEmpty ? [1000, 10_000, 100_000, 1_000_000] : arguments.compactMap { Int($0) }
        guard let make = StorePlace.all[name], counts.count >= arguments.count, counts.allSatisfy({ $0 >= 1000 }) else {
            FileHandle.standardError.write(
                Data("session-growth [STORE [COUNT...]]: \(StorePlace.all.keys.sorted()); from 1000 on\n".utf8))
            exit(64)
        }
        print(
            """
            | sessions | create | one create | first lookup | next lookup | by owner | log out | size | sweep | meanwhile |
            |---|---|---|---|---|---|---|---|---|---|
            """)
        for count in counts {
            try await measure(count, make)
        }
    }

    private static func measure(_ count: Int, _ make: StorePlace.Make) async throws {
        let clock = AheadClock()
        let place = try await make(SecretKeys.generated(), clock.now)
        do {
            print(try await row(count, in: place, clock))
        } catch {
            try? await place.remove()
            throw error
        }
        try await place.remove()
    }

    /// The figures of one number of sessions.
    private static func row(_ count: Int, in place: StorePlace, _ clock: AheadClock) async throws -> String {
        let began = ContinuousClock.now
        let population = try await Population(of: count, in: place.store, clock.now)
        let filling = (ContinuousClock.now - began) / .seconds(count)
        let sizes = try await place.byteCounts().map { "\($0.count / count) B \($0.what)" }.joined(separator: ", ")

        let further = count..<count + 500
        let creating = try await Times(of: further) { try await population.create($0, lasting: .day) }
        let sample = population.sample(5000)
        let first = try await Times(of: sample) { try await population.load($0) }
        let hot = Array(sample.prefix(100))
        for token in hot { try await population.load(token) }
        let next = try await Times(of: (0..<100).flatMap { _ in hot }) { try await population.load($0) }
        let listing = try await Times(of: 0..<1000) { _ in try await population.listUser() }
        let ending = try await Times(of: further) { try await population.endUser($0) }
        var sweeping = ["by its clock", "–"]
        if place.isSwept {
            clock.advance(by: .hour + 1)
            let (sweep, meanwhile) = try await population.sweep()
            sweeping = [sweep.words, "\(meanwhile), \(meanwhile.longest.words)"]
        }

        let cells = [
            "\(count)", filling.words, "\(creating)", "\(first)", "\(next)", "\(listing)", "\(ending)",
            sizes,
        ]
        return "| " + (cells + sweeping).joined(separator: " | ") + " |"
    }
}

/// The system's clock, and further ahead when it is told so.
final class AheadClock: Sendable {
    private let offset = Mutex<TimeInterval>(0)

    var now: @Sendable () -> Date {
        { Date().addingTimeInterval(self.offset.withLock { $0 }) }
    }

    func advance(by seconds: TimeInterval) { offset.withLock { $0 += seconds } }
}
