import Synchronization

/// Sealed sessions that were opened lately, by their tokens, so that one need not be opened and read anew for each request
/// of a page. A token says the same for ever under the same secrets; whether its session goes on is judged each time.
final class RecentlyOpened: Sendable {
    struct Opened: Sendable {
        let identifier: [UInt8]
        let session: Session
    }

    /// How many are kept at most, twice: the older half goes when the newer one is full.
    static let halfCount = 256
    /// Longer tokens are opened each time.
    static let maximumLength = 4 << 10

    private struct Halves {
        var newer: [SessionToken: Opened] = [:]
        var older: [SessionToken: Opened] = [:]
        var generation = 0
    }

    private let halves = Mutex(Halves())

    /// What the token opens to, where it is remembered, or else opened now. `generation`: the secrets', which forget with
    /// each change.
    func opened(_ token: SessionToken, under generation: Int, open: () -> Opened?) -> Opened? {
        let known = halves.withLock { $0.generation == generation ? $0.newer[token] ?? $0.older[token] : nil }
        if let known { return known }
        guard let opened = open() else { return nil }
        if token.string.utf8.count <= Self.maximumLength { keep(opened, for: token, generation) }
        return opened
    }

    /// Forgets all: what has ended must not lie in memory for ever where nothing comes after it.
    func removeAll() {
        // What goes is freed when the lock is.
        _ = halves.withLock { halves in
            let gone = halves
            halves = Halves(generation: gone.generation)
            return gone
        }
    }

    private func keep(_ opened: Opened, for token: SessionToken, _ generation: Int) {
        // What goes is freed when the lock is.
        _ = halves.withLock { halves -> Halves? in
            var gone: Halves?
            if halves.generation != generation {
                gone = halves
                halves = Halves(generation: generation)
            } else if halves.newer.count >= Self.halfCount {
                gone = Halves(newer: halves.older)
                halves.older = halves.newer
                halves.newer = [:]
            }
            halves.newer[token] = opened
            return gone
        }
    }
}
