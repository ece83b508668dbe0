import Dispatch
import Foundation

/// `hot-operations NAME COUNT`: does one thing so many times, for a tool that counts instructions. Between two counts the
/// difference is that thing alone.
@main
struct HotOperations {
    /// Not `async`: the main thread then waits as valgrind can follow it.
    static func main() {
        let arguments = CommandLine.arguments
        guard arguments.count == 3, let make = Operation.all[arguments[1]], let count = Int(arguments[2]), count >= 0
        else {
            complain("hot-operations NAME COUNT: \(Operation.all.keys.sorted())")
            exit(64)
        }
        let hasEnded = DispatchSemaphore(value: 0)
        Task.detached {
            do {
                try await run(make, count)
            } catch {
                complain("\(error)")
                exit(1)
            }
            hasEnded.signal()
        }
        hasEnded.wait()
    }

    private static func run(_ make: () async throws -> Operation, _ count: Int) async throws {
        let operation = try await make()
        do {
            try await operation.run(count)
        } catch {
            try? await operation.remove()
            throw error
        }
        try await operation.remove()
    }

    private static func complain(_ words: String) { FileHandle.standardError.write(Data((words + "\n").utf8)) }
}
