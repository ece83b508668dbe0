import TestSupport
import Testing

/// A reader of foreign input, with the form of the input that costs it most, and a harmless form of the same length.
struct WorstCase: Sendable, CustomTestStringConvertible {
    /// The reader, and what is bad about the input.
    let name: String
    /// The most bytes that are read of such an input.
    let limit: Int
    /// What the reading of so many bytes costs, in nanoseconds.
    let harmless: @Sendable (Int) throws -> Int
    let worst: @Sendable (Int) throws -> Int

    var testDescription: String { name }

    /// The most times that the worst input may cost what the harmless one does.
    static let maximumRatio = 20.0
    /// The most times that the input at its limit may cost what an eighth of it does: 8 where the cost is linear, 64 where it is
    /// the square. The caches of a processor make more of a large input than its share.
    static let maximumGrowth = 32.0
}

/// A reader of foreign input, and what a harmless input of a given length is.
final class ForeignInput<Input>: Sendable {
    private let name: String
    private let limit: Int
    private let harmless: @Sendable (Int) throws -> Input
    private let reader: @Sendable (Input) throws -> Void
    private let known = Mutexed<[Int: Int]>([:])

    /// What the reader makes of the input, or throws, is of no interest here.
    init(
        _ name: String, limit: Int, harmless: @escaping @Sendable (Int) throws -> Input,
        reader: @escaping @Sendable (Input) throws -> Void
    ) {
        self.name = name
        self.limit = limit
        self.harmless = harmless
        self.reader = reader
    }

    /// A row: what is bad about an input, and how to make one of so many bytes.
    func worst(_ what: String, _ worst: @escaping @Sendable (Int) throws -> Input) -> WorstCase {
        WorstCase(
            name: "\(name): \(what)", limit: limit, harmless: { try self.harmlessCost(of: $0) },
            worst: { try self.cost(of: worst($0)) })
    }

    /// The same for all rows of the reader.
    private func harmlessCost(of count: Int) throws -> Int {
        if let cost = known.value[count] { return cost }
        let cost = try cost(of: harmless(count))
        known.change { $0[count] = cost }
        return cost
    }

    private func cost(of input: Input) -> Int { Cost.least(of: { try? reader(input) }) }
}
