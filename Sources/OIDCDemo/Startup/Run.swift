import Glibc
import HTTPServer
import JOSE
import OpenIDConnect

/// Does what the command line says, which begins with the program's name. Where a library that was loaded before it has moved
/// the environment, Swift finds no arguments, not even that, and the kernel is asked. Where it cannot be, the app does not go
/// on: without its arguments it would do something else than was asked for.
func run(commandLine: [String], environment: [String: String]) async -> Int32 {
    let commandLine = commandLine.isEmpty ? kernelCommandLine() : commandLine
    guard !commandLine.isEmpty else {
        complain(
            SettingProblem(
                .unusable, "The command line", "cannot be read",
                remedy: "Let the app see /proc/self/cmdline (mount /proc), and preload no library that calls setenv."))
        return 2
    }
    return await run(arguments: Array(commandLine.dropFirst()), environment: environment)
}

/// The arguments as the kernel has them, each with a NUL behind it (proc(5)); none where there is no `/proc`.
private func kernelCommandLine() -> [String] {
    guard let bytes = readFile("/proc/self/cmdline", limit: 4 << 20) else { return [] }
    return bytes.split(separator: 0, omittingEmptySubsequences: false).dropLast().map {
        String(decoding: $0, as: UTF8.self)
    }
}

/// Does what the arguments say, and gives the process's exit status: 0 when all went as asked, 1 where a check found that a
/// login would fail, 2 for a setting or an argument that is invalid.
func run(arguments: [String], environment: [String: String]) async -> Int32 {
    do throws(ConfigurationError) {
        switch try options(arguments) {
        case .help: show(CommandLineOptions.helpText)
        case .version: show(About.versions)
        case .serve(let file): try await serve(settingsFile: file, environment: environment)
        case .check(let check): return await examine(check, environment: environment)
        }
        return 0
    } catch {
        for problem in error.problems { complain(problem) }
        return 2
    }
}

private func serve(
    settingsFile file: String?, environment: [String: String]
) async throws(ConfigurationError) {
    let (values, warning) = try settings(of: file)
    let configuration = try Configuration(environment: environment, file: values)
    // A peer that hangs up must not end the process.
    signal(SIGPIPE, SIG_IGN)
    let log = LineLog(configuration.logFormat)
    defer { log.drain() }
    for warning in [warning].compactMap(\.self) + configuration.warnings { log.write(LogEntry(warning)) }
    let signals = TerminationSignals()
    let application: Application
    do {
        application = try await Application(configuration, log: log)
    } catch {
        throw ConfigurationError([error])
    }
    let hangUps = HangUps {
        do throws(ConfigurationError) {
            let configuration = try Configuration(environment: environment, file: settings(of: file).values)
            try application.takeSecrets(of: configuration)
            log.write(LogEntry(.secretsTaken))
        } catch {
            log.write(LogEntry(.secretsKept, ["problem": error.problems.first?.description]))
        }
    }
    show(application.announcement)
    log.write(LogEntry(.started, ["version": About.version, "url": configuration.publicURL.string]))
    await application.serve(until: signals)
    log.write(LogEntry(.stopped))
    withExtendedLifetime(hangUps) {}
}

/// Shows what a check finds, and gives its exit status.
private func examine(_ check: CommandLineOptions.Check, environment: [String: String]) async -> Int32 {
    signal(SIGPIPE, SIG_IGN)
    let report: CheckReport
    do throws(ConfigurationError) {
        let configuration = try Configuration(
            environment: environment, file: settings(of: check.environmentFile).values)
        do throws(SettingProblem) {
            report = try await configuration.check(only: check.provider)
        } catch {
            throw ConfigurationError([error])
        }
    } catch {
        report = CheckReport(error)
    }
    show(check.isJSON ? String(decoding: report.json.serialized(), as: UTF8.self) + "\n" : report.text)
    return report.exitStatus
}

private func options(_ arguments: [String]) throws(ConfigurationError) -> CommandLineOptions {
    do {
        return try CommandLineOptions(arguments)
    } catch {
        throw ConfigurationError([error])
    }
}

/// The settings of a file, and a warning where others can read or change it.
private func settings(
    of file: String?
) throws(ConfigurationError) -> (values: [String: String], warning: SettingProblem?) {
    guard let file else { return ([:], nil) }
    let (content, warning, refusal) = readSecretFile(file, limit: 1 << 20, for: "--env-file")
    if let refusal { throw ConfigurationError([refusal]) }
    guard let bytes = content, let text = String(validating: bytes, as: UTF8.self) else {
        throw ConfigurationError([
            SettingProblem(
                .unusable, "--env-file", "names \(quoted(file)), which cannot be read as text",
                remedy: "Name a file of KEY=VALUE lines that the app may read.")
        ])
    }
    return (try EnvironmentFile.parse(text, name: file), warning)
}

private func show(_ text: String) { _ = writeAll(Array(text.utf8), to: STDOUT_FILENO) }

private func complain(_ problem: SettingProblem) {
    _ = writeAll(Array("oidc-demo: \(problem)\n".utf8), to: STDERR_FILENO)
}
