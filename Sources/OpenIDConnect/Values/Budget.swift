package import FoundationEssentials

/// So much at once, and so much a second after that.
package struct Budget: Sendable {
    private let most: Double
    private let perSecond: Double
    private var left: Double
    private var asOf: Date?

    /// A full budget.
    package init(most: Double, perSecond: Double) {
        self.most = most
        self.perSecond = perSecond
        left = most
    }

    /// Takes one from the budget; false where none is left.
    package mutating func spend(at now: Date) -> Bool {
        if let asOf { left = min(most, left + max(0, now.timeIntervalSince(asOf)) * perSecond) }
        asOf = now
        guard left >= 1 else { return false }
        left -= 1
        return true
    }
}
