import Dispatch
import Glibc

extension HTTPServer {
    /// Serves until the process is asked to end by SIGTERM or SIGINT (Ctrl-C), then shuts down: no new connections, what
    /// runs is finished. Returns when all is done, so that the process can end with 0.
    public func serveUntilTerminated(within limit: Duration = .seconds(10)) async {
        let (signals, continuation) = AsyncStream.makeStream(of: Void.self)
        let sources = [SIGTERM, SIGINT].map { number in
            // The source sees the signal only where its own effect, to end the process, is switched off.
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number)
            source.setEventHandler { continuation.yield() }
            source.resume()
            return source
        }
        for await _ in signals { break }
        for source in sources { source.cancel() }
        // Whoever is in a hurry presses Ctrl-C again.
        for number in [SIGTERM, SIGINT] { signal(number, SIG_DFL) }
        await shutdown(within: limit)
    }
}
