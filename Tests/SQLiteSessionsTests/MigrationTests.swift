import Foundation
import Glibc
import Sessions
import TestSupport
import Testing

@testable import SQLiteSessions

@Suite("A file of version 1")
struct MigrationTests {
    @Test("opens as one of version 3, with everybody still logged in and their owners known")
    func migrates() async throws {
        let directory = try ScratchDirectory()
        // More than are read at a time.
        let tokens = try directory.fillVersion1(with: (0..<1200).map { session("\($0)") })
        let store = try await directory.store()
        for (number, token) in tokens.enumerated() {
            #expect(try await store.load(token)?.payload == Array("\(number)".utf8))
        }
        let alice = SessionOwner.user(issuer: "https://issuer.example", subject: "alice")
        let providerSession = SessionOwner.providerSession(issuer: "https://issuer.example", sessionID: "sid-1")
        #expect(try await store.sessions(of: alice)?.count == 1200)
        #expect(try await store.sessions(of: providerSession)?.count == 1200)
        #expect(try await store.deleteAll(of: providerSession) == 1200)
        #expect(try await store.load(#require(tokens.last)) == nil)
        try await store.shared.set([1], for: SharedKey(.state, "s"), until: Date().addingTimeInterval(60))
        #expect(try directory.version() == "3")
    }

    @Test("of version 2 opens as one of version 3, and lists what has no summary by its payload, but nothing huge")
    func addsSummaries() async throws {
        let directory = try ScratchDirectory()
        let huge = session(String(repeating: "x", count: 200 << 10))
        let tokens = try directory.fillVersion1(with: [session("old"), huge])
        try SessionTable.migrate(SQLiteConnection(path: directory.file, busyMilliseconds: 0)) { _, _ in
            SessionTable.Owners(user: session().user?.digest, providerSession: nil)
        }
        #expect(try directory.version() == "2")
        let store = try await directory.store()
        #expect(try directory.version() == "3")
        #expect(try await store.load(tokens[1]) == huge)
        var new = session("new")
        new.summary = Array("summary of new".utf8)
        _ = try await store.create(new)
        let list = try await store.sessions(of: #require(new.user))
        #expect(list?.count == 3)
        #expect(list?.sessions.map { String(decoding: $0.summary, as: UTF8.self) } == ["summary of new", "old"])
        // An old one that is used on gets a summary with its next content.
        var changed = session("changed")
        changed.summary = Array("summary of old".utf8)
        _ = try await store.replace(tokens[0], with: changed)
        let summaries = try await store.sessions(of: #require(new.user))?.sessions.map(\.summary)
        #expect(summaries == [new.summary, changed.summary])
    }

    @Test("keeps what does not open, without an owner")
    func otherSecret() async throws {
        let directory = try ScratchDirectory()
        let token = try #require(try directory.fillVersion1(with: [session()]).first)
        let foreign = try SecretKeys([String(repeating: "n", count: 32)])
        let store = try await SQLiteSessionStore(path: directory.file, keys: foreign)
        #expect(try await store.load(token) == nil)
        #expect(try await store.deleteAll(of: .user(issuer: "https://issuer.example", subject: "alice")) == 0)
        await store.close()
        #expect(try await directory.store().load(token) != nil)
    }

    @Test("is version 1 as before where there is no room for version 2")
    func full() async throws {
        let directory = try ScratchDirectory()
        let tokens = try directory.fillVersion1(with: (0..<600).map { session("\($0)") })
        let error = #expect(throws: SessionStoreError.self) {
            let connection = try SQLiteConnection(path: directory.file, busyMilliseconds: 0)
            try connection.execute("PRAGMA max_page_count = 1")
            try SessionTable.migrate(connection) { _, _ in
                SessionTable.Owners(user: Array(0..<32), providerSession: Array(0..<32))
            }
        }
        #expect(error?.code == .full)
        #expect(try directory.version() == "1")
        let store = try await directory.store()
        for token in tokens { #expect(try await store.load(token) != nil) }
    }

    @Test("is version 1 as before where the process is killed in between")
    func killed() async throws {
        let result = try #require(
            await #expect(processExitsWith: .signal(SIGKILL), observing: [\.standardOutputContent]) {
                let directory = try ScratchDirectory()
                _ = try directory.fillVersion1(with: (0..<600).map { session("\($0)") })
                say("DIRECTORY \(directory.path)")
                let connection = try SQLiteConnection(path: directory.file, busyMilliseconds: 0)
                let count = Mutexed(0)
                try SessionTable.migrate(connection) { _, _ in
                    count.value += 1
                    // In the second batch: the first has been written.
                    if count.value == 550 { kill(getpid(), SIGKILL) }
                    return SessionTable.Owners(user: Array(0..<32), providerSession: nil)
                }
            })
        let directory = ScratchDirectory(existing: try #require(lines(of: result, after: "DIRECTORY ").first))
        #expect(try directory.version() == "1")
        let store = try await directory.store()
        let alice = SessionOwner.user(issuer: "https://issuer.example", subject: "alice")
        #expect(try await store.sessions(of: alice)?.count == 600)
    }

    @Test("is migrated once by many that open it at once")
    func atOnce() async throws {
        let directory = try ScratchDirectory()
        let token = try #require(try directory.fillVersion1(with: (0..<100).map { session("\($0)") }).first)
        let sessions = try await withThrowingTaskGroup { group in
            for _ in 0..<8 { group.addTask { try await directory.store().load(token) } }
            return try await group.reduce(into: [Session?]()) { $0.append($1) }
        }
        #expect(sessions.compactMap { $0 }.count == 8)
    }

    @Test("has the same tables in the end as a new file")
    func sameTables() async throws {
        let (old, new) = (try ScratchDirectory(), try ScratchDirectory())
        _ = try old.fillVersion1(with: [session()])
        for directory in [old, new] { await (try directory.store()).close() }
        #expect(try old.tables() == new.tables())
        #expect(try old.tables().contains("provider_session"))
    }
}

extension ScratchDirectory {
    /// A file as version 1 wrote it.
    fileprivate func fillVersion1(with sessions: [Session]) throws -> [SessionToken] {
        try write([])
        let connection = try SQLiteConnection(path: file, busyMilliseconds: 0)
        try connection.execute(
            """
            PRAGMA journal_mode = WAL;
            CREATE TABLE sessions (
                id INTEGER PRIMARY KEY,
                key BLOB NOT NULL UNIQUE,
                last_used INTEGER NOT NULL,
                ends INTEGER NOT NULL,
                sealed BLOB NOT NULL
            ) STRICT;
            CREATE INDEX sessions_last_used ON sessions (last_used);
            CREATE INDEX sessions_ends ON sessions (ends);
            PRAGMA application_id = 1330201667;
            PRAGMA user_version = 1;
            BEGIN
            """)
        let inserting = try connection.prepare(
            "INSERT INTO sessions (key, last_used, ends, sealed) VALUES (?1, ?2, ?3, ?4)")
        let sealer = Sealer(try testKeys.get(), purpose: "session row 1")
        let tokens = try sessions.map { session in
            let id = SessionID.generate()
            var generator = SystemRandomNumberGenerator()
            let sealed = try sealer.seal(session.encoded, boundTo: id.digest, using: &generator)
            try connection.run(
                inserting, .blob(id.digest), .integer(session.lastUsedAt.milliseconds),
                .integer(session.expiresAt.milliseconds), .blob(sealed))
            return try #require(SessionToken(id.string))
        }
        try connection.execute("COMMIT")
        return tokens
    }

    fileprivate func version() throws -> String {
        try SQLiteConnection(path: file, busyMilliseconds: 0).value(of: "PRAGMA user_version")
    }

    fileprivate func tables() throws -> String {
        try SQLiteConnection(path: file, busyMilliseconds: 0)
            .value(of: "SELECT group_concat(sql, ';') FROM (SELECT sql FROM sqlite_schema ORDER BY name)")
    }
}
