import Dispatch
import Glibc
import Synchronization

/// SIGTERM and SIGINT, from when this is made on: the first one is waited for, a second one ends the process at once.
public struct TerminationSignals: Sendable {
    private let readEnd: CInt

    /// Catches the signals of the process. To be made once.
    public init() {
        var ends: [CInt] = [-1, -1]
        // Without descriptors nothing can be caught, and the signals end the process as they always do.
        guard unsafe pipe(&ends) == 0 else {
            readEnd = -1
            return
        }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        readEnd = ends[0]
        writeEnd.store(ends[1], ordering: .releasing)
        for number in [SIGTERM, SIGINT] { signal(number, tell) }
    }

    /// Returns when one of the signals has come.
    public func first() async {
        guard readEnd >= 0 else {
            while (try? await Task.sleep(for: .seconds(86_400))) != nil {}
            return
        }
        await withCheckedContinuation { continuation in
            DispatchQueue(label: "TerminationSignals").async { [readEnd] in
                var byte: UInt8 = 0
                while unsafe read(readEnd, &byte, 1) < 0, errno == EINTR {}
                continuation.resume()
            }
        }
    }
}

private let writeEnd = Atomic<CInt>(-1)

/// The handler: only what may be called in one (signal-safety(7)).
private func tell(_ number: CInt) {
    let saved = errno
    var byte: UInt8 = 1
    _ = unsafe write(writeEnd.load(ordering: .acquiring), &byte, 1)
    signal(SIGTERM, SIG_DFL)
    signal(SIGINT, SIG_DFL)
    errno = saved
}
