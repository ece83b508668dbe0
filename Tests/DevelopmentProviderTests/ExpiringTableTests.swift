import FoundationEssentials
import Testing

@testable import DevelopmentProvider

@Suite("Expiring tables")
struct ExpiringTableTests {
    private let start = Date(timeIntervalSince1970: 0)

    @Test("an entry is found until its time is over")
    func expiry() {
        var table = ExpiringTable<Int>(capacity: 10, lifetime: 5)
        table.insert(1, as: "a", at: start)
        #expect(table.value("a", at: start.addingTimeInterval(4.9)) == 1)
        #expect(table.value("a", at: start.addingTimeInterval(5)) == nil)
        #expect(table.value("b", at: start) == nil)
    }

    @Test("a change does not make an entry live longer, and brings none to life")
    func update() {
        var table = ExpiringTable<Int>(capacity: 10, lifetime: 5)
        table.insert(1, as: "a", at: start)
        table.update("a", to: 2)
        table.update("b", to: 3)
        #expect(table.value("a", at: start) == 2)
        #expect(table.value("a", at: start.addingTimeInterval(5)) == nil)
        #expect(table.count == 1)
    }

    @Test("the oldest goes when there is no room")
    func capacity() {
        var table = ExpiringTable<Int>(capacity: 3, lifetime: 5)
        for number in 0..<1000 {
            table.insert(number, as: "\(number)", at: start)
            #expect(table.count == min(number + 1, 3))
        }
        #expect((996..<1000).map { table.value("\($0)", at: start) } == [nil, 997, 998, 999])
    }

    @Test("what has expired is forgotten when something new comes")
    func sweep() {
        var table = ExpiringTable<Int>(capacity: 100, lifetime: 5)
        for number in 0..<50 { table.insert(number, as: "\(number)", at: start) }
        table.insert(50, as: "50", at: start.addingTimeInterval(5))
        #expect(table.count == 1)
    }

    @Test("removed entries take no room")
    func remove() {
        var table = ExpiringTable<Int>(capacity: 3, lifetime: 5)
        for number in 0..<100 {
            table.insert(number, as: "\(number)", at: start)
            table.remove("\(number)")
        }
        #expect(table.count == 0)
        for number in 0..<3 { table.insert(number, as: "new \(number)", at: start) }
        #expect(table.count == 3)
    }
}
