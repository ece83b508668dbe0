import Sessions

extension SessionStoreError {
    /// The error of what a server refused. `command`: its name, without what it was given.
    init(_ error: RedisServerError, command: String, place: String) {
        let (code, remedy) = Self.meaning(of: error)
        self.init(code, context: "\(place): Redis answered \(error.name) to \(command)", remedy: remedy)
    }

    private static func meaning(of error: RedisServerError) -> (Code, String) {
        // String: the names are ours.
        switch error.name {
        case "NOAUTH":
            (.notWritable, "put the password, and the user if there is one, into the address")
        case "WRONGPASS":
            (.notWritable, "mend the user or the password in the address, or enable the user in Redis")
        case "NOPERM":
            (.notWritable, "let the user run the store's commands on its keys: ACL SETUSER NAME ~PREFIX* +@all -@admin")
        case "READONLY":
            (.notWritable, "name the primary: this server is a replica")
        case "MISCONF":
            (.notWritable, "Redis cannot write its file: look at its disk and its log")
        case "OOM":
            (.full, "raise Redis's maxmemory")
        case "LOADING":
            (.unavailable, "Redis is reading its file: it answers when it is done")
        case "MASTERDOWN", "NOREPLICAS":
            (.unavailable, "look at Redis's replication")
        case "DENIED":
            (.unavailable, "Redis is in protected mode: give it a password, or use it from its own machine")
        case "BUSY":
            (.busy, "a script keeps Redis busy: end it with SCRIPT KILL")
        case "MOVED", "ASK", "CROSSSLOT", "CLUSTERDOWN", "TRYAGAIN":
            (.foreign, "name a single Redis: this one is a cluster, for which the store is not made")
        case "WRONGTYPE":
            (.foreign, "give the store a prefix of its own: a key of another type is there")
        case "ERR" where error.says("DB index"):
            (.noPlace, "name a database that this Redis has: see its setting \"databases\"")
        case "ERR" where error.says("max number of clients"):
            (.unavailable, "raise Redis's maxclients, or close other connections")
        case "ERR" where error.says("invalid password"), "ERR" where error.says("without any password configured"),
            "ERR" where error.says("no password is set"), "ERR" where error.says("'auth' command"):
            (.notWritable, "mend the user or the password in the address: Redis does not take them")
        default:
            (.failed, "look at Redis's version, at least 6.2, and at its log")
        }
    }

    /// The error of a server that cannot be reached, or has gone.
    static func unreachable(_ place: String, _ words: String) -> SessionStoreError {
        SessionStoreError(
            .unavailable, context: "\(place): \(words)", remedy: "start Redis, or look at its address and the network")
    }

    /// The error of an answer that no Redis gives.
    static func garbled(_ place: String, _ words: String) -> SessionStoreError {
        SessionStoreError(
            .unavailable, context: "\(place): \(words)", remedy: "see whether a Redis is there, and not another server")
    }

    /// The error of a store that was closed.
    static func closed(_ place: String) -> SessionStoreError {
        SessionStoreError(.unavailable, context: place, remedy: "the store was closed")
    }

    /// The error of a system that has no more.
    static func noResources(_ what: String, _ code: Int32) -> SessionStoreError {
        SessionStoreError(
            .failed, context: "a connection to Redis needs \(what), and the system gives none (error \(code))",
            remedy: "raise the process's limits")
    }
}
