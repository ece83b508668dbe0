import FoundationEssentials
import Sessions
import TestSupport

/// A store with something between it and who asks, which may fail, or do something else first.
final class InterceptedStore: SessionStore {
    typealias Before = @Sendable (SessionToken) async throws -> Void

    let values: InterceptedValues
    /// What becomes of a session that was loaded.
    let loaded = Mutexed<(@Sendable (Session?) -> Session?)?>(nil)
    let beforeReplacing = Mutexed<Before?>(nil)
    let beforeRenewing = Mutexed<Before?>(nil)
    let beforeEndingAll = Mutexed<(@Sendable () throws -> Void)?>(nil)
    private let store: any SessionStore

    init(_ store: any SessionStore) {
        self.store = store
        values = InterceptedValues(store.shared)
    }

    func create(_ session: Session) async throws -> SessionToken { try await store.create(session) }

    func load(_ token: SessionToken) async throws -> Session? {
        let session = try await store.load(token)
        return loaded.value.map { $0(session) } ?? session
    }

    func replace(_ token: SessionToken, with session: Session) async throws -> SessionToken {
        try await beforeReplacing.value?(token)
        return try await store.replace(token, with: session)
    }

    func renewed(_ token: SessionToken, for session: Session) async throws -> SessionToken? {
        try await beforeRenewing.value?(token)
        return try await store.renewed(token, for: session)
    }

    func delete(_ token: SessionToken) async throws { try await store.delete(token) }
    func removeExpired() async throws { try await store.removeExpired() }
    func handle(of token: SessionToken) -> SessionHandle? { store.handle(of: token) }
    func sessions(of owner: SessionOwner) async throws -> SessionList? { try await store.sessions(of: owner) }
    func delete(_ handle: SessionHandle, of owner: SessionOwner) async throws {
        try await store.delete(handle, of: owner)
    }

    func deleteAll(of owner: SessionOwner) async throws -> Int? {
        try beforeEndingAll.value?()
        return try await store.deleteAll(of: owner)
    }

    func deleteAllWithoutProviderSession(of user: SessionOwner) async throws {
        try beforeEndingAll.value?()
        try await store.deleteAllWithoutProviderSession(of: user)
    }

    var shared: any SharedValues { values }
}

/// The same for shared values.
final class InterceptedValues: SharedValues {
    /// What happens once, just before somebody asks for what only the first one gets.
    let beforeLease = Mutexed<(@Sendable () async -> Void)?>(nil)
    let beforeSetting = Mutexed<(@Sendable () throws -> Void)?>(nil)
    /// Every value that was set.
    let kept = Mutexed<[[UInt8]]>([])
    private let values: any SharedValues

    init(_ values: any SharedValues) { self.values = values }

    func set(_ value: [UInt8], for key: SharedKey, until end: Date) async throws {
        try beforeSetting.value?()
        kept.change { $0.append(value) }
        try await values.set(value, for: key, until: end)
    }

    func setFirst(_ value: [UInt8], for key: SharedKey, until end: Date) async throws -> Bool {
        let happening = beforeLease.change { happening in
            defer { happening = nil }
            return happening
        }
        await happening?()
        return try await values.setFirst(value, for: key, until: end)
    }

    func values(for keys: [SharedKey]) async throws -> [[UInt8]?] { try await values.values(for: keys) }
    func remove(_ value: [UInt8], for key: SharedKey) async throws { try await values.remove(value, for: key) }
    func removeEnded() async throws { try await values.removeEnded() }
}
