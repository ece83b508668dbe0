import FoundationEssentials
import Sessions

/// The shared values in Redis: the end as ``timeText(_:)``, and the value.
struct RedisSharedValues: SharedValues {
    /// Values that are asked for at a time.
    private static let batch = 100

    let pool: RedisPool
    let keys: RedisKeys
    let maximumByteCount: Int
    let now: @Sendable () -> Date

    func set(_ value: [UInt8], for key: SharedKey, until end: Date) async throws {
        try requireRoom(for: value)
        let (name, remaining) = (keys.value(key), end.milliseconds - now().milliseconds)
        let command =
            remaining > 0
            ? RedisCommand("SET", name, timeText(end.milliseconds) + value, Array("PX"), Array(remaining))
            : RedisCommand("DEL", name)
        _ = try await pool.send(command)
    }

    /// Not sent twice: who came first cannot be told then. Where it throws, the value may have been kept.
    func setFirst(_ value: [UInt8], for key: SharedKey, until end: Date) async throws -> Bool {
        try requireRoom(for: value)
        let now = now().milliseconds
        let reply = try await pool.run(
            .setFirst, keys: [keys.value(key)],
            [timeText(end.milliseconds) + value, Array(end.milliseconds - now), Array(now)], isRepeatable: false)
        guard let isFirst = reply.integer else { throw pool.unexpected }
        return isFirst == 1
    }

    func values(for keys: [SharedKey]) async throws -> [[UInt8]?] {
        let now = now().milliseconds
        var values: [[UInt8]?] = []
        for start in stride(from: 0, to: keys.count, by: Self.batch) {
            let part = keys[start..<min(start + Self.batch, keys.count)]
            let replies = try await pool.values(of: part.map(self.keys.value))
            values += replies.map { bytes in
                guard let bytes, bytes.count >= 17, let end = time(bytes[..<17]), end > now else { return nil }
                return Array(bytes[17...])
            }
        }
        return values
    }

    func remove(_ value: [UInt8], for key: SharedKey) async throws {
        _ = try await pool.run(.removeValue, keys: [keys.value(key)], [value])
    }

    private func requireRoom(for value: [UInt8]) throws(SessionStoreError) {
        guard value.count <= maximumByteCount else {
            throw SessionStoreError(
                .tooLarge, context: "a shared value of \(value.count) bytes", remedy: "keep it in a session")
        }
    }

    /// Does nothing: Redis forgets by itself.
    func removeEnded() async throws {}
}
