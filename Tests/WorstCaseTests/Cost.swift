import Glibc

/// What a piece of work costs: the processor time of its thread, in nanoseconds, so that neighbours do not count.
enum Cost {
    /// The least of a few runs, since whatever disturbs a run makes it longer.
    static func least(of work: () -> Void) -> Int {
        var least = Int.max
        var spent = 0
        for _ in 0..<5 where spent < 100_000_000 {
            let start = threadTime()
            work()
            let took = threadTime() - start
            least = min(least, took)
            spent += took
        }
        return max(1, least)
    }

    private static func threadTime() -> Int {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return time.tv_sec * 1_000_000_000 + time.tv_nsec
    }
}
