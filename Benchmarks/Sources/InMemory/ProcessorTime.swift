import Glibc

/// The processor time, in seconds, that the process takes for something.
package func processorTime(of body: () async throws -> Void) async rethrows -> Double {
    let began = processorTime()
    try await body()
    return processorTime() - began
}

/// The processor time of the process so far, in seconds.
private func processorTime() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}
