import FoundationEssentials
import OpenIDConnect
import TestSupport
import Testing

@testable import WebLogin

@Suite("States that have been used")
struct SpentStateTests {
    private func state() -> State {
        var generator = SystemRandomNumberGenerator()
        return State(using: &generator)
    }

    @Test("are remembered for as long as their login could still be finished")
    func remembered() {
        let clock = Mutexed(Date(timeIntervalSince1970: 1_800_000_000))
        let spent = SpentStates(now: { clock.value })
        let state = state()
        #expect(spent.spend(state))
        for _ in 0..<6 {
            clock.value += 100
            _ = spent.spend(self.state())
            #expect(!spent.spend(state))
            #expect(spent.contains(state))
        }
    }

    @Test("are forgotten in the end, and never pile up")
    func bounded() {
        let spent = SpentStates(maximumCount: 10, now: { Date(timeIntervalSince1970: 1_800_000_000) })
        let first = state()
        #expect(spent.spend(first))
        for _ in 0..<20 { #expect(spent.spend(state())) }
        #expect(!spent.contains(first))
    }
}
