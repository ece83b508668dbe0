package import FoundationEssentials
package import Sessions

/// A store that does not work: every call throws, some by choice.
package struct BrokenSessionStore: SessionStore, SharedValues {
    /// What each call throws.
    package struct Broken: Error {
        package init() {}
    }

    /// Whether a load throws too, or finds nothing.
    private let breaksLoads: Bool

    /// A store that does not work.
    package init(breaksLoads: Bool = true) {
        self.breaksLoads = breaksLoads
    }

    package func create(_ session: Session) async throws -> SessionToken { throw Broken() }
    package func load(_ token: SessionToken) async throws -> Session? {
        if breaksLoads { throw Broken() }
        return nil
    }
    package func replace(_ token: SessionToken, with session: Session) async throws -> SessionToken { throw Broken() }
    package func delete(_ token: SessionToken) async throws { throw Broken() }
    package func removeExpired() async throws {}
    package func sessions(of owner: SessionOwner) async throws -> [ListedSession]? { throw Broken() }
    package func delete(_ handle: SessionHandle, of owner: SessionOwner) async throws { throw Broken() }
    package func deleteAll(of owner: SessionOwner) async throws -> Int? { throw Broken() }
    package var shared: any SharedValues { self }

    package func set(_ value: [UInt8], for key: SharedKey, until end: Date) async throws { throw Broken() }
    package func setFirst(_ value: [UInt8], for key: SharedKey, until end: Date) async throws -> Bool { throw Broken() }
    package func values(for keys: [SharedKey]) async throws -> [[UInt8]?] { throw Broken() }
    package func remove(_ value: [UInt8], for key: SharedKey) async throws { throw Broken() }
    package func removeEnded() async throws { throw Broken() }
}
