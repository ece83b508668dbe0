import Foundation
import JOSE
import MisbehavingProvider
import ProgramSupport
import TestSupport
import Testing

@testable import OIDCDemo

@Suite("oidc-demo check, over the wire")
struct CheckTests {
    private static let gate = Gate(room: 6)

    @Test("a set-up in which a login can work has no problem, and status 0", arguments: CheckRow.right)
    func right(_ row: CheckRow) async throws { try await Self.gate.pass { try await judge(row) } }

    @Test("a set-up in which a login would fail is named, with status 1", arguments: CheckRow.wrong)
    func wrong(_ row: CheckRow) async throws { try await Self.gate.pass { try await judge(row) } }

    @Test("what cannot be told, or should be known, is a warning, with status 0", arguments: CheckRow.uncertain)
    func uncertain(_ row: CheckRow) async throws { try await Self.gate.pass { try await judge(row) } }

    @Test("settings that are wrong are named, with status 2, and no provider is asked", arguments: CheckRow.settings)
    func settings(_ row: CheckRow) async throws { try await Self.gate.pass { try await judge(row) } }

    private func judge(_ row: CheckRow) async throws {
        let seen = try await row.play()
        let found = seen.findings(row.verdict)
        #expect(seen.status == row.status)
        // What is wrong is named, and nothing else is called wrong.
        #expect(found.map(\.check) == row.expected.map { [$0.rawValue] } ?? [], "\(found)")
        if row.verdict == .warning { #expect(seen.findings(.problem).isEmpty) }
        if row.expected == nil { #expect(seen.findings(.warning).isEmpty, "\(seen.findings(.warning))") }
        for word in row.words { #expect(found.contains { $0.text.contains(word) }, "\(word): \(found)") }
        #expect(found.allSatisfy { !$0.remedy.isEmpty || row.verdict == .warning }, "a problem without a remedy")
        #expect(seen.time < .seconds(20))
        if row.keepsSecret { #expect(seen.record.secretsOfClient == 0) }
        if row.status == 2 { #expect(seen.record.requests.isEmpty) }
        for secret in seen.record.secrets.map(\.text) + [DemoApp.secret, "canary-other", "canary-key"] {
            #expect(!seen.output.contains(secret), "a secret was shown")
        }
        #expect(seen.made.isEmpty, "a check makes nothing")
        note(row, seen, found)
    }

    /// Writes the row of a table to a file in the directory that `CHECK_TABLE` names.
    private func note(_ row: CheckRow, _ seen: CheckSighting, _ found: [CheckSighting.Finding]) {
        guard let path = ProcessInfo.processInfo.environment["CHECK_TABLE"] else { return }
        let words = found.map { "\($0.verdict) \($0.check): \($0.text.replacing("|", with: "·"))" }.joined(
            separator: "; ")
        let line = "| \(row.name) | \(seen.status) | \(words.isEmpty ? "no problem" : words) |\n"
        _ = FileManager.default.createFile(atPath: path + "/" + row.name, contents: Data(line.utf8))
    }

    @Test("a certificate that is not trusted is named", .enabled(if: TLSServer.isPossible, "needs the openssl command"))
    func certificate() async throws {
        let server = try TLSServer(for: "IP:127.0.0.1")
        let address = "https://127.0.0.1:\(server.port)/.well-known/openid-configuration"
        let row = CheckRow("a certificate that is not trusted", .none, 1, .tls, ["certificate"])
            .set(["SERVER_METADATA_URL": address])
        try await judge(row)
        // Trusted by CA_FILE, what is wrong is another thing.
        let trusted = CheckRow("the server behind a trusted certificate is no provider", .none, 1, .discovery, ["HTML"])
            .set(["SERVER_METADATA_URL": address, "CA_FILE": server.certificate.path])
        try await judge(trusted)
        // By one provider, it is trusted for that one.
        var settings = ["DATA_DIR": "/nonexistent", "SESSION_STORE": "memory", "PROVIDERS": "own,other"]
        settings["OWN_CA_FILE"] = server.certificate.path
        for prefix in ["OWN_", "OTHER_"] {
            settings[prefix + "CLIENT_ID"] = "c"
            settings[prefix + "CLIENT_SECRET"] = "s"
            settings[prefix + "SERVER_METADATA_URL"] = address
        }
        for (name, word) in [("own", "HTML"), ("other", "CA_FILE")] {
            let environment = settings
            let ended = try await onThread {
                Result { try Program(["check", name], environment: environment).end() }
            }.get()
            #expect(ended.status == 1)
            #expect(ended.output.contains(word), "\(name): \(ended.output)")
        }
    }

    @Test("the app's own secret that others may read is named, and none is made")
    func secretFile() async throws {
        let data = try Scratch()
        let path = try data.write(String(repeating: "canary-key", count: 5), to: "secret-key")
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: path)
        let ended = try await onThread {
            Result { try Program(["check"], environment: ["DATA_DIR": data.path]).end() }
        }.get()
        #expect(ended.status == 2)
        #expect(ended.output.contains("problem  settings               \(path) may be used by others"))
        #expect(!ended.output.contains("canary-key"))
    }

    @Test("without a provider there is nothing to examine, with status 0")
    func nothing() async throws {
        let data = try Scratch()
        let ended = try await onThread {
            Result { try Program(["check"], environment: ["DATA_DIR": data.path]).end() }
        }.get()
        #expect(ended.status == 0)
        #expect(ended.output.contains("oidc-demo would start its development provider"))
        #expect(try FileManager.default.contentsOfDirectory(atPath: data.path).isEmpty)
    }

    @Test("of several providers one is examined by its name, and a name that is none is told")
    func several() async throws {
        let provider = try await onThread { Result { try MisbehavingProvider(.none, client: CheckRow.client) } }.get()
        let registration = [
            "CLIENT_ID": DemoApp.clientID, "CLIENT_SECRET": DemoApp.secret, "SERVER_METADATA_URL": provider.metadataURL,
        ]
        var environment = ["PROVIDERS": "first,second", "DATA_DIR": "/nonexistent", "PORT": "\(CheckRow.port)"]
        for (name, value) in registration {
            environment["FIRST_" + name] = name == "SERVER_METADATA_URL" ? CheckRow.nowhere : value
            environment["SECOND_" + name] = value
        }
        let settings = environment
        func check(_ arguments: [String]) async throws -> (status: Int32, output: String, complaints: String) {
            try await onThread {
                Result { try Program(["check"] + arguments, environment: settings).end() }
            }.get()
        }
        let all = try await check([])
        #expect(all.status == 1)
        #expect(all.output.contains("First (first)") && all.output.contains("Second (second)"))
        #expect(
            all.output.contains("redirect URI                 http://localhost:\(CheckRow.port)/login/authorize/second")
        )
        // The first one is down, which is not the second one's matter.
        let second = try await check(["second"])
        #expect(!second.output.contains("First (first)") && second.output.contains("Second (second)"))
        let none = try await check(["third"])
        #expect(none.status == 2)
        #expect(none.output.contains("“third” is the name of no provider"))
    }
}
