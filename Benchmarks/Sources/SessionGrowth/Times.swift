import Foundation

/// How long something took, each time.
struct Times: CustomStringConvertible {
    private let sorted: [TimeInterval]

    /// Does it for one element after the other, once at least.
    init<Element>(
        of elements: some Sequence<Element>, until isOver: () -> Bool = { false },
        _ body: (Element) async throws -> Void
    ) async throws {
        var times: [TimeInterval] = []
        for element in elements {
            times.append(try await timed { try await body(element) })
            if isOver() { break }
        }
        sorted = times.sorted()
    }

    var longest: TimeInterval { sorted.last ?? 0 }

    private func quantile(_ part: Double) -> TimeInterval {
        sorted.isEmpty ? 0 : sorted[Int(Double(sorted.count - 1) * part)]
    }

    /// The median and the 99th percentile.
    var description: String { "\(quantile(0.5).words) / \(quantile(0.99).words)" }
}

/// The seconds that something takes.
func timed(_ body: () async throws -> Void) async rethrows -> TimeInterval {
    let began = ContinuousClock.now
    try await body()
    return (ContinuousClock.now - began) / .seconds(1)
}

extension TimeInterval {
    static let hour: TimeInterval = 3600
    static let day: TimeInterval = 24 * hour

    /// In microseconds, milliseconds or seconds, to about three digits.
    var words: String {
        switch self {
        case ..<0.000_01: String(format: "%.1f µs", self * 1e6)
        case ..<0.001: String(format: "%.0f µs", self * 1e6)
        case ..<0.01: String(format: "%.1f ms", self * 1e3)
        case ..<1: String(format: "%.0f ms", self * 1e3)
        default: String(format: "%.1f s", self)
        }
    }
}
