import Synchronization

/// Numbers for requests. They guard nothing, and so the system is asked for randomness once and not for each: no two of a
/// process are the same, and two processes begin far apart.
final class RequestNumbers: Sendable {
    private let state: Atomic<UInt64>

    init(startingAt start: UInt64 = .random(in: .min ... .max)) { state = Atomic(start) }

    /// SplitMix64 (Steele, Lea, Flood: Fast Splittable Pseudorandom Number Generators, 2014, §3): steps of an odd width go
    /// through all numbers of 64 bits, and what is made of each is one to one.
    func next() -> UInt64 {
        var number = state.wrappingAdd(0x9E37_79B9_7F4A_7C15, ordering: .relaxed).newValue
        number = (number ^ (number >> 30)) &* 0xBF58_476D_1CE4_E5B9
        number = (number ^ (number >> 27)) &* 0x94D0_49BB_1331_11EB
        return number ^ (number >> 31)
    }
}
