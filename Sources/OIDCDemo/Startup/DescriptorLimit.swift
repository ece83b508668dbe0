import Glibc

/// Raises the limit on open files of the process for so many connections, as far as the system lets it, with some for
/// sessions, providers and the rest.
///
/// Throws a ``SettingProblem`` where that does not suffice.
func makeRoom(forConnections count: Int) throws(SettingProblem) {
    let needed = rlim_t(count + 128)
    var limit = rlimit()
    // Where the system does not say, connections wait until there are descriptors.
    guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0, limit.rlim_cur < needed else { return }
    guard limit.rlim_max >= needed else {
        throw SettingProblem(
            .unusable, Setting.maxConnections.rawValue,
            "is \(count), but the system lets the app open \(limit.rlim_max) files only, and it needs \(needed)",
            remedy: "Raise that limit (LimitNOFILE in systemd, or ulimit -n), or set MAX_CONNECTIONS to fewer.")
    }
    limit.rlim_cur = needed
    _ = setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
}
