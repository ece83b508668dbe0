package import FoundationEssentials
package import Sessions

/// A store that does not work: every call throws, some by choice.
package struct BrokenSessionStore: SessionStore, SharedValues {
    /// What each call throws, where nothing else is given.
    package struct Broken: Error {
        package init() {}
    }

    /// Whether a load throws too, or finds nothing.
    private let breaksLoads: Bool
    private let error: any Error

    /// A store that does not work.
    package init(breaksLoads: Bool = true, throwing error: any Error = Broken()) {
        self.breaksLoads = breaksLoads
        self.error = error
    }

    package func create(_ session: Session) async throws -> SessionToken { throw error }
    package func load(_ token: SessionToken) async throws -> Session? {
        if breaksLoads { throw error }
        return nil
    }
    package func replace(_ token: SessionToken, with session: Session) async throws -> SessionToken { throw error }
    package func delete(_ token: SessionToken) async throws { throw error }
    package func removeExpired() async throws {}
    package func sessions(of owner: SessionOwner) async throws -> SessionList? { throw error }
    package func delete(_ handle: SessionHandle, of owner: SessionOwner) async throws { throw error }
    package func deleteAll(of owner: SessionOwner) async throws -> Int? { throw error }
    package var shared: any SharedValues { self }

    package func set(_ value: [UInt8], for key: SharedKey, until end: Date) async throws { throw error }
    package func setFirst(_ value: [UInt8], for key: SharedKey, until end: Date) async throws -> Bool { throw error }
    package func values(for keys: [SharedKey]) async throws -> [[UInt8]?] { throw error }
    package func remove(_ value: [UInt8], for key: SharedKey) async throws { throw error }
    package func removeEnded() async throws { throw error }
}
