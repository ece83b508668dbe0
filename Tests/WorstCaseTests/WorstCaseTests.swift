import Testing

@Suite("The worst input at its limit", .serialized)
struct WorstCaseTests {
    static let all: [WorstCase] =
        JSONCases.all + KeyCases.all + TokenCases.all + ClaimCases.all + RecordCases.all + HTTPCases.all
        + LoginCases.all + PageCases.all

    /// An eighth of the limit comes first: what grows with the square of its input is found there, and not waited for.
    @Test(
        "costs at most twenty times what a harmless one of the same length does, and grows with its length",
        arguments: all
    )
    func cost(_ row: WorstCase) throws {
        var eighth: Int?
        for size in [row.limit / 8, row.limit] {
            let measured = CostTable.Row(
                name: row.name, size: size, limit: row.limit, harmless: try row.harmless(size),
                worst: try row.worst(size), eighth: eighth)
            let isCheap = measured.ratio <= WorstCase.maximumRatio
            // Below a millisecond there is little to measure, and what costs about what a harmless input does may have been refused at
            // its first byte in the smaller size.
            let isLinear =
                measured.worst < max(1_000_000, 2 * measured.harmless)
                || measured.growth ?? 0 <= WorstCase.maximumGrowth
            if size == row.limit || !isCheap { try CostTable.shared.add(measured) }
            try #require(isCheap && isLinear, "\(measured)")
            eighth = measured.worst
        }
    }
}
