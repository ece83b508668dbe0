import FoundationEssentials
import Glibc
import ProgramSupport
import Testing

@testable import OIDCDemo

/// What the app is told of itself: 10; root: 0; anybody else: 11.
private let rows: [(purpose: FileAccess.Purpose, owner: uid_t, mode: mode_t, outcome: String)] = [
    // As systemd, Docker and Kubernetes hand secrets over, and as one makes them oneself.
    (.secret, 10, 0o400, "fine"), (.secret, 10, 0o600, "fine"), (.secret, 0, 0o400, "fine"),
    (.secret, 0, 0o440, "fine"), (.secret, 10, 0o640, "fine"),
    (.secret, 0, 0o444, "warned"), (.secret, 0, 0o644, "warned"), (.secret, 10, 0o604, "warned"),
    (.secret, 10, 0o620, "warned"), (.secret, 0, 0o660, "warned"), (.secret, 11, 0o400, "warned"),
    (.secret, 10, 0o602, "refused"), (.secret, 0, 0o666, "refused"), (.secret, 10, 0o777, "refused"),
    (.secret, 11, 0o666, "refused"),
    (.data, 10, 0o700, "fine"), (.data, 10, 0o750, "fine"), (.data, 0, 0o755, "fine"),
    (.data, 10, 0o770, "warned"), (.data, 0, 0o2775, "warned"), (.data, 11, 0o700, "warned"),
    (.data, 10, 0o777, "refused"), (.data, 0, 0o1777, "refused"), (.data, 10, 0o702, "refused"),
    (.parent, 0, 0o755, "fine"), (.parent, 11, 0o700, "fine"), (.parent, 0, 0o775, "fine"),
    (.parent, 0, 0o1777, "fine"), (.parent, 0, 0o777, "warned"), (.parent, 10, 0o702, "warned"),
    (.database, 10, 0o600, "fine"), (.database, 10, 0o640, "fine"), (.database, 10, 0o644, "warned"),
    (.database, 10, 0o660, "warned"), (.database, 11, 0o600, "warned"),
]

@Suite("Who can read or change what the app relies on")
struct FileAccessTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    private func file(_ name: String, mode: mode_t, _ text: String) throws -> String {
        let path = try scratch.write(text, to: name)
        #expect(chmod(path, mode) == 0)
        return path
    }

    private let secret = String(repeating: "s", count: 32)

    @Test("decides whether it serves, is warned of, or refused", arguments: rows)
    func table(_ purpose: FileAccess.Purpose, _ owner: uid_t, _ mode: mode_t, _ outcome: String) {
        let verdict = FileAccess(owner: owner, mode: mode).verdict(for: purpose, user: 10)
        switch verdict {
        case .fine: #expect(outcome == "fine")
        case .warned: #expect(outcome == "warned")
        case .refused: #expect(outcome == "refused")
        }
    }

    @Test(
        "is told of each setting that names a file with a secret",
        arguments: ["CLIENT_SECRET_FILE", "SECRET_KEY_FILE", "CLIENT_KEY_FILE"])
    func secretFiles(_ setting: String) throws {
        let key =
            "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g\n-----END PRIVATE KEY-----\n"
        var environment = [
            "HOME": "/h", "CLIENT_ID": "a",
            "SERVER_METADATA_URL": "https://op.example/.well-known/openid-configuration",
        ]
        if setting == "SECRET_KEY_FILE" { environment["CLIENT_SECRET"] = "x" }
        for (mode, outcome) in [(0o600, "fine"), (0o400, "fine"), (0o444, "warned"), (0o666, "refused")] {
            let path = try file("\(setting)-\(mode)", mode: mode_t(mode), setting == "CLIENT_KEY_FILE" ? key : secret)
            // As Kubernetes does.
            let link = path + "-link"
            #expect(symlink(path, link) == 0)
            environment[setting] = link
            do throws(ConfigurationError) {
                let warnings = try Configuration(environment: environment).warnings
                #expect(warnings.map(\.setting) == (outcome == "warned" ? [setting] : []))
                #expect(warnings.allSatisfy { $0.code == .exposed && $0.what.contains("mode 444") })
                #expect(outcome != "refused")
            } catch {
                #expect(error.problems.map(\.setting) == [setting], "\(error)")
                #expect(error.problems.first?.code == .exposed)
                #expect(outcome == "refused")
            }
        }
    }

    @Test("is told of the file of settings, which is not read where anybody can change it")
    func environmentFile() throws {
        let refused = try file("refused.env", mode: 0o666, "PORT=x\n")
        let ended = try Program(["check", "--env-file", refused], environment: ["HOME": scratch.path]).end()
        #expect(ended.status == 2)
        #expect((ended.output + ended.complaints).contains("can be changed by anybody (mode 666"))
        #expect(!(ended.output + ended.complaints).contains("PORT"))
        let (content, warning, refusal) = readSecretFile(
            try file("warned.env", mode: 0o644, "A=b"), limit: 9, for: "--env-file")
        #expect(content == Array("A=b".utf8))
        #expect(warning?.setting == "--env-file")
        #expect(refusal == nil)
        let pipe = readSecretFile("/dev/null", limit: 9, for: "--env-file")
        #expect(pipe.content == [] && pipe.warning == nil && pipe.refusal == nil)
    }

    private func configuration(_ directory: String) throws -> Configuration {
        try Configuration(environment: ["DATA_DIR": directory])
    }

    @Test("is told of the directory of data and those above it, symbolic links followed")
    func dataDirectory() throws {
        let directory = scratch.path + "/data"
        #expect(mkdir(directory, 0o700) == 0)
        let configuration = try configuration(directory)
        #expect(try configuration.examineDataDirectory().isEmpty)
        #expect(chmod(directory, 0o770) == 0)
        #expect(try configuration.examineDataDirectory().map(\.code) == [.exposed])
        for mode: mode_t in [0o777, 0o1777] {
            #expect(chmod(directory, mode) == 0)
            let problem = #expect(throws: SettingProblem.self) { try configuration.examineDataDirectory() }
            #expect(problem?.setting == "DATA_DIR")
            #expect(problem?.code == .exposed)
        }
        let link = scratch.path + "/link"
        #expect(symlink(directory, link) == 0)
        #expect(throws: SettingProblem.self) { try self.configuration(link).examineDataDirectory() }
        #expect(chmod(directory, 0o700) == 0)
        #expect(chmod(scratch.path, 0o777) == 0)
        for path in [directory, link] {
            let warnings = try self.configuration(path).examineDataDirectory()
            #expect(warnings.map(\.what).first?.contains("another directory in its place (mode 777") == true)
            #expect(warnings.count == 1)
        }
        #expect(chmod(scratch.path, 0o1777) == 0)
        #expect(try configuration.examineDataDirectory().isEmpty)
    }

    @Test("is told of the database of sessions")
    func database() throws {
        let path = try file("sessions.sqlite", mode: 0o644, "")
        let configuration = try Configuration(
            environment: ["DATA_DIR": scratch.path, "SESSION_STORE": "sqlite:" + path])
        #expect(configuration.examineDatabase().map(\.setting) == ["SESSION_STORE"])
        #expect(chmod(path, 0o600) == 0)
        #expect(configuration.examineDatabase().isEmpty)
        #expect(chmod(scratch.path, 0o777) == 0)
        #expect(configuration.examineDatabase().map(\.what).first?.contains("in its place (mode 777") == true)
    }
}
