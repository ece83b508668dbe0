import Glibc
import Synchronization

/// What of the database changes.
enum Change: Sendable {
    case nothing
    /// What is there of a key.
    case key([UInt8])
    /// What nobody names.
    case anything
}

/// Counts changes, for all processes of the machine that use one database: in a file beside it, which each of them maps
/// into its memory. What was read of the database serves on while its counter stands where it stood before.
///
/// A counter serves many keys: a change of one of them looks like one of the others.
@safe final class ChangeCounters: Sendable {
    private static let count = 512
    private static let byteCount = count * MemoryLayout<Atomic<UInt64>>.stride
    private nonisolated(unsafe) let counters: UnsafeMutablePointer<Atomic<UInt64>>

    /// `nil` where there can be no such file, or another's is there.
    init?(path: String) {
        let descriptor = unsafe open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var information = stat()
        guard unsafe fstat(descriptor, &information) == 0, information.st_mode & S_IFMT == S_IFREG,
            [0, Self.byteCount].contains(Int(information.st_size)),
            // Without its room on the disk a write into the memory could end the process. What is there stays.
            posix_fallocate(descriptor, 0, off_t(Self.byteCount)) == 0,
            let memory = unsafe mmap(nil, Self.byteCount, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0),
            unsafe memory != MAP_FAILED
        else { return nil }
        unsafe counters = memory.bindMemory(to: Atomic<UInt64>.self, capacity: Self.count)
    }

    deinit { unsafe munmap(counters, Self.byteCount) }

    /// Where the counter of a key stands.
    func value(for key: [UInt8]) -> UInt64 {
        unsafe counters[Self.index(of: key)].load(ordering: .sequentiallyConsistent)
    }

    /// Counts a change.
    func count(_ change: Change) {
        switch change {
        case .nothing: break
        case .key(let key): advance(at: Self.index(of: key))
        case .anything: for index in 0..<Self.count { advance(at: index) }
        }
    }

    private func advance(at index: Int) {
        unsafe counters[index].wrappingAdd(1, ordering: .sequentiallyConsistent)
    }

    /// The keys are digests: their first bytes are spread evenly.
    private static func index(of key: [UInt8]) -> Int { key.prefix(2).reduce(0) { $0 << 8 | Int($1) } % count }
}
