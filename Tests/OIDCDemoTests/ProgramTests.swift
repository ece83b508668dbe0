import Foundation
import HTTPMessages
import HTTPServer
import ProgramSupport
import Testing

@testable import OIDCDemo

@Suite("The program")
struct ProgramTests {
    /// A port that was free a moment ago.
    private func freePort() async throws -> UInt16 {
        let server = try HTTPServer(HTTPServerConfiguration()) { _ in .text("") }
        await server.shutdown()
        return server.port
    }

    @Test("help and version are told, with status 0")
    func help() throws {
        let help = try Program(["--help"], environment: [:]).end()
        #expect(help.status == 0)
        #expect(help.output == CommandLineOptions.helpText)
        let version = try Program(["--version"], environment: [:]).end()
        #expect(version.status == 0)
        let lines = version.output.split(separator: "\n")
        #expect(lines.first == "oidc-demo \(About.version)")
        let libraries = /OpenSSL [0-9.]+, libcurl [0-9.]+, libmicrohttpd [0-9.]+, SQLite [0-9.]+, hiredis [0-9.]+/
        #expect(lines.last?.wholeMatch(of: libraries) != nil)
    }

    @Test("each wrong setting is told in one line, with status 2, before anything listens")
    func wrongSettings() throws {
        let scratch = try Scratch()
        let ended = try Program(
            environment: ["DATA_DIR": scratch.path + "/data", "PORT": "x", "CLIENT_SECRET": "CANARY"]
        ).end()
        #expect(ended.status == 2)
        #expect(ended.output.isEmpty)
        let lines = ended.complaints.split(separator: "\n")
        #expect(lines.count == 3)
        for (line, name) in zip(lines, ["CLIENT_ID", "SERVER_METADATA_URL", "PORT"]) {
            #expect(line.hasPrefix("oidc-demo: \(name) is "))
        }
        #expect(!ended.complaints.contains("CANARY"))
        #expect(!FileManager.default.fileExists(atPath: scratch.path + "/data"))
    }

    @Test("an address that others reach is refused without a provider, with status 2, before anything listens")
    func publicWithoutProvider() throws {
        let scratch = try Scratch()
        // No machine has this HOST: an app that went on would end as well, with another complaint.
        let settings = ["DATA_DIR": scratch.path + "/data", "PUBLIC_URL": "https://app.example", "HOST": "192.0.2.1"]
        for arguments in [[], ["check"]] {
            let ended = try Program(arguments, environment: settings).end()
            #expect(ended.status == 2)
            #expect((ended.output + ended.complaints).contains("CLIENT_ID is not set"))
        }
        #expect(!FileManager.default.fileExists(atPath: scratch.path + "/data"))
    }

    @Test("a file of settings that cannot be used is told, with status 2")
    func wrongFile() throws {
        let scratch = try Scratch()
        let missing = try Program(["--env-file", scratch.path + "/none"], environment: [:]).end()
        #expect(missing.status == 2)
        #expect(missing.complaints.contains("--env-file names"))
        let file = try scratch.write("PORT=8000\nnonsense\n", to: "env")
        let malformed = try Program(["--env-file=" + file], environment: [:]).end()
        #expect(malformed.status == 2)
        #expect(malformed.complaints.contains("env, line 2, is no setting"))
        #expect(try Program(["--nonsense"], environment: [:]).end().status == 2)
    }

    @Test("a setting that turns out not to work is told, with status 2")
    func unusableSettings() async throws {
        let scratch = try Scratch()
        let taken = try HTTPServer(HTTPServerConfiguration()) { _ in .text("") }
        let usual = ["DATA_DIR": scratch.path, "PORT": "\(taken.port)", "SESSION_STORE": "memory"]
        let empty = try scratch.write("", to: "ca.pem")
        for (more, line) in [
            ([:], "oidc-demo: PORT \(taken.port) is in use"),
            (["CA_FILE": scratch.path + "/none"], "oidc-demo: CA_FILE "), (["CA_FILE": empty], "oidc-demo: CA_FILE "),
            (["SESSION_STORE": "sqlite:" + scratch.path], "oidc-demo: SESSION_STORE "),
            (["DATA_DIR": empty], "oidc-demo: DATA_DIR "), (["HOST": "192.0.2.1"], "oidc-demo: HOST 192.0.2.1 "),
        ] {
            let ended = try Program(environment: usual.merging(more) { $1 }).end()
            #expect(ended.status == 2)
            #expect(ended.complaints.hasPrefix(line), "\(ended.complaints)")
            #expect(ended.complaints.split(separator: "\n").count == 1)
            #expect(ended.output.isEmpty)
        }
        await taken.shutdown()
    }

    @Test("a slip of the pen is warned of, and the app starts; SIGINT ends it with status 0")
    func warning() async throws {
        let scratch = try Scratch()
        let file = try scratch.write("PORT=\(try await freePort())\nCOLOUR=red\nSESSION_STORE=memory\n", to: "env")
        let program = try Program(["--env-file", file], environment: ["HOME": scratch.path])
        #expect(program.announcement().hasPrefix("Listening on http://localhost:"))
        program.interrupt()
        let ended = program.end()
        #expect(ended.status == 0)
        #expect(
            ended.complaints.contains(" setting.doubtful setting=COLOUR problem=\"COLOUR is no setting of oidc-demo"))
    }

    @Test("SIGHUP takes new secrets from the file of settings: nobody is logged out until the old one is taken out")
    func newSecrets() async throws {
        let scratch = try Scratch()
        let port = try await freePort()
        let origin = "http://localhost:\(port)"
        let (old, new) = (String(repeating: "o", count: 32), String(repeating: "n", count: 32))
        let file = try scratch.write("SECRET_KEY=\(old)\n", to: "env")
        let program = try Program(
            ["--env-file", file], environment: ["PORT": "\(port)", "SESSION_STORE": "cookie+memory"])
        _ = program.announcement()
        func hangUp(secrets: String) throws -> String {
            _ = try scratch.write("SECRET_KEY=\(secrets)\n", to: "env")
            return program.hangUp(until: ["secrets.taken", "secrets.kept"])
        }
        let (early, late) = (try SmallBrowser(), try SmallBrowser())
        #expect(try await early.logIn(at: origin).contains("Hello"))
        #expect(try hangUp(secrets: "\(new),\(old)").contains("secrets.taken"))
        #expect(try await early.send(origin + "/").text.contains("Hello"))
        #expect(try await late.logIn(at: origin).contains("Hello"))
        let kept = try hangUp(secrets: "too-short")
        #expect(kept.contains("secrets.kept") && !kept.contains("too-short"))
        #expect(try await early.send(origin + "/").text.contains("Hello"))
        #expect(try hangUp(secrets: new).contains("secrets.taken"))
        #expect(try await early.send(origin + "/").text.contains("one of three ready users"))
        #expect(try await late.send(origin + "/").text.contains("Hello"))
        program.terminate()
        #expect(program.end().status == 0)
    }

    @Test("the log is JSON where that is asked for, and a login shows in it and in the metrics")
    func operations() async throws {
        let scratch = try Scratch()
        let port = try await freePort()
        let origin = "http://localhost:\(port)"
        let program = try Program(environment: [
            "XDG_STATE_HOME": scratch.path, "PORT": "\(port)", "LOG_FORMAT": "json", "ACCESS_LOG": "on",
            "TRUSTED_PROXYES": "slip",
        ])
        _ = program.announcement()
        let browser = try SmallBrowser()
        defer { browser.close() }
        #expect(try await browser.logIn(at: origin).contains("Hello"))
        let metrics = try PrometheusText(try await browser.send(origin + "/metrics").text)
        program.terminate()
        let ended = program.end()
        #expect(metrics.value("oidc_demo_logins_total", ["provider": "development", "outcome": "finished"]) == 1)
        for endpoint in ["metadata", "keys", "token", "userInfo"] {
            let labels = ["provider": "development", "endpoint": endpoint]
            #expect(metrics.value("oidc_demo_provider_request_seconds_count", labels) == 1, "\(endpoint)")
        }
        #expect(abs(metrics.value("process_start_time_seconds") - Date().timeIntervalSince1970) < 60)
        #expect(metrics.value("oidc_demo_http_requests_total", ["route": "/login/authorize", "status": "3xx"]) == 1)
        let entries = try ended.complaints.split(separator: "\n").map { line in
            try JSONDecoder().decode([String: String].self, from: Data(line.utf8))
        }
        let events = entries.compactMap { $0["event"] }
        #expect(
            events == [
                "setting.doubtful", "app.started", "login.begun", "request.answered", "login.finished",
                "request.answered", "request.answered", "request.answered", "app.stopped",
            ])
        #expect(entries[4]["request"] == entries[5]["request"])
        #expect(entries[4]["client"]?.isEmpty == false)
    }

    @Test("a standard error that nobody reads stops nothing: requests are answered, and the app ends in time")
    func unreadLog() async throws {
        let scratch = try Scratch()
        let port = try await freePort()
        let origin = "http://localhost:\(port)"
        let program = try Program(environment: [
            "HOME": scratch.path, "PORT": "\(port)", "SESSION_STORE": "memory", "ACCESS_LOG": "on",
        ])
        _ = program.announcement()
        let browser = try SmallBrowser()
        defer { browser.close() }
        // A pipe holds 64 KiB: these lines, and as many again.
        let path = "/" + String(repeating: "x", count: 190)
        for _ in 0..<500 { #expect(try await browser.send(origin + path).status == 404) }
        let metrics = try PrometheusText(try await browser.send(origin + "/metrics").text)
        #expect(metrics.value("oidc_demo_log_lines_lost_total") == 0)
        program.terminate()
        #expect(program.end().status == 0)
    }

    @Test("what cannot be opened at a time is told before anything listens")
    func descriptors() throws {
        let scratch = try Scratch()
        let ended = try Program(environment: [
            "DATA_DIR": scratch.path, "SESSION_STORE": "memory", "MAX_CONNECTIONS": "99999", "HOST": "192.0.2.1",
        ]).end()
        #expect(ended.status == 2)
        var limit = rlimit()
        getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        let problem = limit.rlim_max < 100_127 ? "MAX_CONNECTIONS is 99999, but" : "HOST 192.0.2.1 "
        #expect(ended.complaints.hasPrefix("oidc-demo: " + problem), "\(ended.complaints)")
    }

    @Test("requests to a provider that is set are counted too, and why it is not ready is told to this machine")
    func measured() async throws {
        let port = try await freePort()
        let origin = "http://localhost:\(port)"
        let nobody = "http://127.0.0.1:\(try await freePort())/.well-known/openid-configuration"
        let scratch = try Scratch()
        let program = try Program(environment: [
            "HOME": scratch.path, "PORT": "\(port)", "SESSION_STORE": "memory", "CLIENT_ID": "app",
            "CLIENT_SECRET": "CANARY-secret", "SERVER_METADATA_URL": nobody,
        ])
        _ = program.announcement()
        let browser = try SmallBrowser()
        defer { browser.close() }
        #expect(try await browser.send(origin + "/login").status == 502)
        #expect(
            try await browser.send(origin + "/readyz").text.contains("oidc_entry: not ready: transport.unreachable"))
        let text = try await browser.send(origin + "/metrics").text
        program.terminate()
        let ended = program.end()
        let labels = ["provider": "oidc_entry", "endpoint": "metadata", "outcome": "unreachable"]
        let metrics = try PrometheusText(text)
        #expect(metrics.value("oidc_demo_provider_requests_total", labels) == 2)
        #expect(metrics.value("oidc_demo_logins_total", ["provider": "oidc_entry", "outcome": "failed"]) == 1)
        #expect(!(text + ended.complaints).contains("CANARY"))
    }

    @Test("a login with the development provider outlives a restart; SIGTERM ends the app with status 0")
    func restart() async throws {
        let scratch = try Scratch()
        let port = try await freePort()
        let origin = "http://localhost:\(port)"
        let browser = try SmallBrowser()
        var logs = ""
        func whileRunning(_ body: () async throws -> Void) async throws {
            let program = try Program(environment: ["XDG_STATE_HOME": scratch.path, "PORT": "\(port)"])
            #expect(program.announcement().contains("Open \(origin) in a browser"))
            do {
                try await body()
            } catch {
                Issue.record(error)
            }
            program.terminate()
            let ended = program.end()
            #expect(ended.status == 0)
            logs += ended.complaints
        }
        try await whileRunning { () async throws in
            #expect(try await browser.send(origin + "/").text.contains("one of three ready users"))
            #expect(try await browser.logIn(at: origin).contains("<h1>Hello, <bdi>Ada Admin</bdi></h1>"))
        }
        try await whileRunning { () async throws in
            #expect(try await browser.send(origin + "/").text.contains("<h1>Hello, <bdi>Ada Admin</bdi></h1>"))
            let logout = try await browser.send(origin + "/logout", form: "")
            #expect(logout.status == 303)
            #expect(try await browser.send(origin + "/").text.contains("one of three ready users"))
        }
        #expect(
            logs.matches(of: /Z ([a-z]+\.[a-z]+)/).map(\.1) == [
                "app.started", "login.begun", "login.finished", "app.stopped", "app.started", "logout.done",
                "app.stopped",
            ], "\(logs)")
        let kept = try FileManager.default.contentsOfDirectory(atPath: scratch.path + "/oidc-demo")
        #expect(kept.contains("secret-key"))
        for name in kept {
            let attributes = try FileManager.default.attributesOfItem(atPath: scratch.path + "/oidc-demo/" + name)
            #expect(attributes[.posixPermissions] as? Int == 0o600, "\(name)")
        }
    }
}
