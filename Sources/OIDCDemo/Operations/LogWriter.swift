import Dispatch
import Glibc
import Synchronization

/// Writes lines to a descriptor without ever letting the caller wait: a reader that is slow, or has stopped reading, must
/// not stop the app. What does not fit into the queue is lost and counted, and when lines can be written again, one of them
/// says so.
///
/// The lines are written by a thread of its own, which may wait. `O_NONBLOCK` would not do: it belongs to the open file,
/// and so to the shell and to all other programs that have the same standard error.
final class LogWriter: Sendable {
    /// The most bytes that wait to be written.
    static let maximumByteCount = 1 << 20

    private struct State {
        var queue: [String] = []
        var byteCount = 0
        /// Whether the thread is at work.
        var isWriting = false
        /// Lines lost since the start, and those of them that no line has told of.
        var lost: UInt64 = 0
        var untold: UInt64 = 0
    }

    private let write: @Sendable ([UInt8]) -> Bool
    private let lossLine: @Sendable (UInt64) -> String
    private let thread = DispatchQueue(label: "LogWriter")
    /// Open as long as there is something to write.
    private let writing = DispatchGroup()
    private let state = Mutex(State())

    /// `write` writes one line, however long it takes, or gives `false`; `lossLine` is the line that tells how many were
    /// lost.
    init(
        write: @escaping @Sendable ([UInt8]) -> Bool = { writeAll($0, to: STDERR_FILENO) },
        lossLine: @escaping @Sendable (UInt64) -> String
    ) {
        self.write = write
        self.lossLine = lossLine
    }

    /// How many lines were lost since the start.
    var lostLineCount: UInt64 { state.withLock { $0.lost } }

    /// Takes a line with its end.
    func enqueue(_ line: String) {
        let begins = state.withLock { state in
            guard state.byteCount + line.utf8.count <= Self.maximumByteCount else {
                state.lost += 1
                state.untold += 1
                return false
            }
            state.queue.append(line)
            state.byteCount += line.utf8.count
            if state.isWriting { return false }
            state.isWriting = true
            writing.enter()
            return true
        }
        if begins { thread.async { [self] in writeQueue() } }
    }

    /// Waits until all lines are written, but not longer than so many seconds; `false` if some were not. Blocks.
    func drain(withinSeconds limit: Int) -> Bool { writing.wait(timeout: .now() + .seconds(limit)) == .success }

    private func writeQueue() {
        while let lines = nextLines() {
            for line in lines {
                let isWritten = write(Array(line.utf8))
                let untold = state.withLock { state in
                    state.byteCount -= line.utf8.count
                    if !isWritten {
                        state.lost += 1
                        state.untold += 1
                    }
                    defer { if isWritten { state.untold = 0 } }
                    return isWritten ? state.untold : 0
                }
                if untold > 0, !write(Array(lossLine(untold).utf8)) { state.withLock { $0.untold += untold } }
            }
        }
        writing.leave()
    }

    private func nextLines() -> [String]? {
        state.withLock { state in
            guard !state.queue.isEmpty else {
                state.isWriting = false
                return nil
            }
            defer { state.queue = [] }
            return state.queue
        }
    }
}
