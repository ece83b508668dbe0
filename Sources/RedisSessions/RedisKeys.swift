import Sessions

/// The keys in Redis. What is behind the prefix and the kind are the 32 bytes of a SHA-256.
struct RedisKeys: Sendable {
    /// Before the digest of a session's identifier.
    let sessions: [UInt8]
    /// Before the digest of an owner: a sorted set of the digests of their sessions by the sessions' ends.
    let owners: [UInt8]
    /// Before the digest of a shared value's key.
    let values: [UInt8]

    init(prefix: String) {
        sessions = Array("\(prefix)session:")
        owners = Array("\(prefix)owner:")
        values = Array("\(prefix)value:")
    }

    func session(_ digest: [UInt8]) -> [UInt8] { sessions + digest }

    func owner(_ owner: SessionOwner) -> [UInt8] { owners + owner.digest }

    func value(_ key: SharedKey) -> [UInt8] { values + key.digest }
}
