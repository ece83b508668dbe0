import Foundation
import Glibc
import Sessions
import TestSupport
import Testing

@testable import SQLiteSessions

@Suite("Files that cannot be used")
struct FileTests {
    @Test("a missing directory is named")
    func noDirectory() async throws {
        for path in ["/nowhere/at/all/sessions.sqlite", "/etc/passwd/sessions.sqlite", ""] {
            let error = try await failure(opening: path)
            #expect(error.code == .noPlace)
            #expect(error.context == path)
        }
    }

    @Test("what is no file is no place")
    func noFile() async throws {
        let directory = try ScratchDirectory()
        #expect(try await failure(opening: directory.path).code == .noPlace)
        #expect(try await failure(opening: "/dev/null").code == .noPlace)
    }

    @Test(
        "a place where the process may not write is named",
        .enabled(if: access("/sys/kernel", F_OK) == 0, "needs a file system that takes no files, such as /sys"))
    func notWritable() async throws {
        #expect(try await failure(opening: "/sys/sessions.sqlite").code == .notWritable)
    }

    @Test("a file that the process may not write is named", .enabled(if: geteuid() != 0, "root may write all"))
    func readOnlyFile() async throws {
        let directory = try ScratchDirectory()
        try await directory.fill()
        #expect(chmod(directory.file, 0o400) == 0)
        #expect(try await failure(opening: directory.file).code == .notWritable)
    }

    @Test("a name that SQLite reads as another thing is a file's name")
    func specialName() async throws {
        let directory = try ScratchDirectory()
        let store = try await SQLiteSessionStore(path: directory.path + "/file:x?mode=memory", keys: testKeys.get())
        _ = try await store.create(session())
        #expect(FileManager.default.fileExists(atPath: directory.path + "/file:x?mode=memory"))
    }

    @Test(
        "a database that anybody can write is refused, and so is a file of that kind beside it",
        arguments: ["", "-wal", "-changes"])
    func writableByAnybody(_ suffix: String) async throws {
        let directory = try ScratchDirectory()
        try await directory.fill()
        let path = directory.file + suffix
        if suffix == "-wal" { #expect(close(creat(path, 0o600)) == 0) }
        #expect(chmod(path, 0o602) == 0)
        let error = try await failure(opening: directory.file)
        #expect(error.code == .foreign)
        #expect(error.context.contains("\(path), which anybody can write (mode 602)"))
        #expect(error.remedy.contains("chmod 600 \(path)"))
        #expect(chmod(path, 0o600) == 0)
        await (try directory.store()).close()
    }

    @Test("beside a database nothing may lie that is no file, such as a symbolic link that another user planted")
    func planted() async throws {
        let directory = try ScratchDirectory()
        try await directory.fill()
        let other = directory.path + "/other"
        #expect(close(creat(other, 0o600)) == 0)
        #expect(symlink(other, directory.file + "-wal") == 0)
        #expect(try await failure(opening: directory.file).code == .foreign)
        #expect(unlink(directory.file + "-wal") == 0)
        // The database itself may be named by one.
        let link = directory.path + "/link"
        #expect(symlink(directory.file, link) == 0)
        await (try await SQLiteSessionStore(path: link, keys: testKeys.get())).close()
    }

    @Test(
        "a database of another user is refused, unless it is root's or the process is", .enabled(if: geteuid() == 0),
        arguments: [(65_534, 65_534, true), (65_534, 0, true), (65_534, 1, false), (0, 65_534, true)])
    func anotherUser(_ user: Int, _ owner: Int, _ serves: Bool) throws {
        let directory = try ScratchDirectory()
        try directory.write([])
        #expect(chown(directory.file, uid_t(owner), 0) == 0)
        let file = SessionFile(path: directory.file, user: uid_t(user))
        let error = Result { () throws(SessionStoreError) in try file.makeIfMissing() }
        switch error {
        case .success: #expect(serves)
        case .failure(let error):
            #expect(!serves)
            #expect(error.code == .foreign && error.context.contains("another user"))
        }
    }

    @Test("a file that is no database is left as it is")
    func noDatabase() async throws {
        let directory = try ScratchDirectory()
        let text = Array(repeating: Array("these are not sessions\n".utf8), count: 100).flatMap { $0 }
        try directory.write(text)
        #expect(try await failure(opening: directory.file).code == .foreign)
        #expect(try directory.bytes() == text)
    }

    @Test("another program's database is left as it is")
    func foreign() async throws {
        let directory = try ScratchDirectory()
        try directory.write([])
        try SQLiteConnection(path: directory.file, busyMilliseconds: 0).execute("CREATE TABLE theirs (x)")
        let before = try directory.bytes()
        #expect(try await failure(opening: directory.file).code == .foreign)
        #expect(try directory.bytes() == before)
    }

    @Test(
        "a database that says it is another program's is left as it is", arguments: ["application_id", "user_version"])
    func foreignButEmpty(_ pragma: String) async throws {
        let directory = try ScratchDirectory()
        try directory.write([])
        try SQLiteConnection(path: directory.file, busyMilliseconds: 0).execute("PRAGMA \(pragma) = 7")
        #expect(try await failure(opening: directory.file).code == .foreign)
    }

    @Test("a file of another version is left as it is, and both versions are named")
    func otherVersion() async throws {
        let directory = try ScratchDirectory()
        try await directory.fill()
        try SQLiteConnection(path: directory.file, busyMilliseconds: 0).execute("PRAGMA user_version = 9")
        let before = try directory.bytes()
        let error = try await failure(opening: directory.file)
        #expect(error.code == .otherVersion)
        #expect(error.context.contains("version 9"))
        #expect(error.context.contains("knows 3"))
        #expect(try directory.bytes() == before)
    }

    @Test("a damaged file is named when it is opened, and left as it is")
    func damaged() async throws {
        let directory = try ScratchDirectory()
        try await directory.fill()
        var bytes = try directory.bytes()
        for index in bytes.count / 4..<bytes.count / 2 { bytes[index] = 0xA5 }
        try directory.write(bytes)
        #expect(try await failure(opening: directory.file).code == .damaged)
        #expect(try directory.bytes() == bytes)
    }

    @Test("a file that lost its end is damaged")
    func cutOff() async throws {
        let directory = try ScratchDirectory()
        try await directory.fill()
        try directory.write(directory.bytes().prefix(10_000))
        #expect(try await failure(opening: directory.file).code == .damaged)
    }

    @Test("an empty file becomes a store")
    func empty() async throws {
        let directory = try ScratchDirectory()
        try directory.write([])
        let store = try await directory.store()
        #expect(try await store.load(store.create(session())) != nil)
    }

    @Test("a file that another process keeps locked is busy, and works again afterwards")
    func busy() async throws {
        let directory = try ScratchDirectory()
        let store = try await SQLiteSessionStore(
            path: directory.file, keys: testKeys.get(), lifetime: SessionLifetime(), busyMilliseconds: 10,
            now: { Date() })
        let lock = try SQLiteConnection(path: directory.file, busyMilliseconds: 0)
        try lock.execute("BEGIN IMMEDIATE")
        let error = await #expect(throws: SessionStoreError.self) { try await store.create(session()) }
        #expect(error?.code == .busy)
        try lock.execute("COMMIT")
        #expect(try await store.load(store.create(session())) != nil)
    }

    @Test("a file that is full says so, keeps what it has, and works again when there is room")
    func full() async throws {
        let directory = try ScratchDirectory()
        let store = try await directory.store()
        let token = try await store.create(session())
        try await store.execute("PRAGMA max_page_count = 1")
        let error = await #expect(throws: SessionStoreError.self) {
            try await store.create(session(String(repeating: "x", count: 50_000)))
        }
        #expect(error?.code == .full)
        #expect(try await store.load(token) != nil)
        try await store.execute("PRAGMA max_page_count = 1000000")
        _ = try await store.create(session(String(repeating: "x", count: 50_000)))
    }
}
