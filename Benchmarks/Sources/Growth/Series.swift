import InMemory

/// What one thing costs, by the size of something.
struct Series: Encodable {
    struct Point: Encodable {
        let size: Int
        /// Microseconds of processor time, each time that it was measured.
        var microseconds: [Double]?
        /// Why it was refused.
        var refusal: String?
    }

    let what: String
    /// What the size is the number of.
    let sizeOf: String
    let points: [Point]

    /// The processor time, in seconds, that something takes which is done so many times.
    typealias Work = (_ count: Int) async throws -> Double

    private static let repetitions = 5
    private static let shortest = 0.06

    /// Measures at each size, most of all in turn; `make` prepares, and what it throws is why the size is refused.
    init(
        _ what: String, _ sizeOf: String, _ sizes: [Int], _ make: (_ size: Int) async throws -> Work
    ) async throws {
        self.what = what
        self.sizeOf = sizeOf
        var points: [Point] = []
        var works: [(index: Int, work: Work, count: Int)] = []
        for size in sizes {
            do {
                let work = try await make(size)
                works.append((points.count, work, try await Self.count(for: work)))
                points.append(Point(size: size, microseconds: []))
            } catch {
                points.append(Point(size: size, refusal: "\(error)"))
            }
        }
        for _ in 0..<Self.repetitions {
            for (index, work, count) in works {
                points[index].microseconds?.append(try await work(count) / Double(count) * 1e6)
            }
        }
        self.points = points
    }

    /// How often it has to be done for its time to be told from the clock's own.
    private static func count(for work: Work) async throws -> Int {
        var count = 1
        while try await work(count) < shortest, count < 1 << 20 { count *= 2 }
        return count
    }
}

/// Something that needs no preparing before each time.
func repeated(_ body: @escaping () async throws -> Void) -> Series.Work {
    { count in try await processorTime { for _ in 0..<count { try await body() } } }
}

/// The end of a login, from the browser's coming back, of so many that were begun before.
func callbacks(of application: InMemoryApplication, fromProvider number: Int = 0) -> Series.Work {
    { count in
        var seconds = 0.0
        for _ in 0..<count {
            let callback = try await application.callback(fromProvider: number)
            seconds += try await processorTime { try await application.finish(callback) }
        }
        return seconds
    }
}
