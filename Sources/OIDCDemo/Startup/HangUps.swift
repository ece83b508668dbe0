@preconcurrency import Dispatch
import Glibc

/// SIGHUP, by which a service is told to read its secrets again: each one calls a function, on a thread of its own.
final class HangUps: Sendable {
    private let source: any DispatchSourceSignal

    /// Catches the signal from now on. To be made once.
    init(_ handle: @escaping @Sendable () -> Void) {
        // What it would do by itself is end the process.
        signal(SIGHUP, SIG_IGN)
        source = DispatchSource.makeSignalSource(signal: SIGHUP, queue: DispatchQueue(label: "HangUps"))
        source.setEventHandler(handler: handle)
        source.activate()
    }

    deinit { source.cancel() }
}
