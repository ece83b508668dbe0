import Foundation
import Sessions
import TestSupport
import Testing

@testable import OIDCDemo

@Suite("The kept secret")
final class SecretKeyFileTests {
    private let directory: String

    init() throws {
        directory = NSTemporaryDirectory() + "/secret-\(UUID())"
        try makePrivateDirectory(directory, for: .dataDirectory)
    }

    deinit { try? FileManager.default.removeItem(atPath: directory) }

    private var file: SecretKeyFile { SecretKeyFile(in: directory) }

    private func secrets() throws -> SecretKeys {
        var generator = SystemRandomNumberGenerator()
        return try file.secrets(using: &generator)
    }

    private func write(_ text: String, mode: Int = 0o600) throws {
        try Data(text.utf8).write(to: URL(fileURLWithPath: file.path))
        try setMode(mode)
    }

    private func setMode(_ mode: Int) throws {
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: file.path)
    }

    private func mode(_ path: String) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    }

    @Test("a secret is made once, for its owner only, and stays")
    func made() throws {
        let sealed = try secrets().seal([1, 2, 3], purpose: "test")
        #expect(try mode(file.path) == 0o600)
        #expect(try secrets().open(sealed, purpose: "test") == [1, 2, 3])
        let text = try String(contentsOfFile: file.path, encoding: .utf8)
        #expect(text.count == 44)
        #expect(try FileManager.default.contentsOfDirectory(atPath: directory) == ["secret-key"])
    }

    @Test("of many that start at once, all have the same secret")
    func race() async throws {
        let file = file
        let sealed = try await withThrowingTaskGroup { group in
            for _ in 0..<20 {
                group.addTask {
                    var generator = SystemRandomNumberGenerator()
                    return try file.secrets(using: &generator).seal([7], purpose: "test")
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        let keys = try secrets()
        #expect(sealed.count == 20)
        #expect(sealed.allSatisfy { keys.open($0, purpose: "test") == [7] })
    }

    @Test("a file may hold several secrets, the first of which seals")
    func several() throws {
        let (new, old) = (String(repeating: "n", count: 32), String(repeating: "o", count: 32))
        try write("\(new),\(old)\n")
        let sealed = try SecretKeys([old]).seal([1], purpose: "test")
        #expect(try secrets().open(sealed, purpose: "test") == [1])
        #expect(try SecretKeys([new]).open(secrets().seal([2], purpose: "test"), purpose: "test") == [2])
    }

    @Test("a file that others may use is refused, with the remedy", arguments: [0o640, 0o604, 0o660, 0o644, 0o610])
    func widePermissions(_ mode: Int) throws {
        try write(String(repeating: "s", count: 32), mode: mode)
        #expect {
            try self.secrets()
        } throws: { error in
            guard let problem = error as? SettingProblem else { return false }
            return problem == SettingProblem(.unusable, file.path, "", remedy: "")
                && problem.description.contains("chmod 600") && problem.description.contains(String(mode, radix: 8))
        }
    }

    @Test("a file without a secret is refused", arguments: ["", "short", "\n\n"])
    func noSecret(_ text: String) throws {
        try write(text)
        #expect(throws: SettingProblem(.unusable, file.path, "", remedy: "")) { try self.secrets() }
    }

    @Test("a link or a directory in its place is refused")
    func noFile() throws {
        let elsewhere = directory + "/elsewhere"
        try Data(String(repeating: "s", count: 32).utf8).write(to: URL(fileURLWithPath: elsewhere))
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: elsewhere)
        try FileManager.default.createSymbolicLink(atPath: file.path, withDestinationPath: elsewhere)
        #expect(throws: SettingProblem.self) { try self.secrets() }
        try FileManager.default.removeItem(atPath: file.path)
        try FileManager.default.createDirectory(atPath: file.path, withIntermediateDirectories: false)
        #expect(throws: SettingProblem.self) { try self.secrets() }
    }

    @Test("a directory is made with what is missing above it, for its owner only")
    func directories() throws {
        let deep = directory + "/a/b/c"
        try makePrivateDirectory(deep, for: .dataDirectory)
        try makePrivateDirectory(deep, for: .dataDirectory)
        for path in [deep, directory + "/a/b", directory + "/a"] { #expect(try mode(path) == 0o700) }
    }

    @Test("a directory that cannot be made is refused")
    func noDirectory() throws {
        try write("x")
        for path in [file.path, file.path + "/below", "/proc/nowhere/at/all"] {
            #expect(throws: SettingProblem(.unusable, "DATA_DIR", "", remedy: "")) {
                try makePrivateDirectory(path, for: .dataDirectory)
            }
        }
    }
}
