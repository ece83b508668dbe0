extension HTTPServer {
    /// Serves until the process is asked to end by SIGTERM or SIGINT (Ctrl-C), then shuts down: no new connections, what
    /// runs is finished. Returns when all is done, so that the process can end with 0.
    ///
    /// `signals` made before the server listens lose none that comes in between.
    public func serveUntilTerminated(
        _ signals: TerminationSignals = TerminationSignals(), within limit: Duration = .seconds(10)
    ) async {
        await signals.first()
        await shutdown(within: limit)
    }
}
