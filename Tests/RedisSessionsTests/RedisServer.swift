import Foundation
import Glibc
import Synchronization

@testable import RedisSessions

/// A redis-server of a test's own, on a free port and a socket, in a directory that goes with it.
final class RedisServer: Sendable {
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// Why the tests that need one do not run.
    static let isInstalled = executable != nil
    static let reason = "redis-server is not installed: scripts/install-dependencies.sh test does it"

    private static let executable = ["/usr/bin", "/usr/local/bin", "/bin"].map { $0 + "/redis-server" }
        .first { FileManager.default.isExecutableFile(atPath: $0) }

    let host: String
    let port: UInt16
    let directory: String
    private let arguments: [String]
    private let process: Mutex<pid_t?>

    /// Starts it and waits until it listens.
    init(_ arguments: [String] = [], host: String = "127.0.0.1", port: UInt16? = nil) throws {
        self.host = host
        directory = FileManager.default.temporaryDirectory.appending(path: "redis-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        self.port = try port ?? freePort()
        self.arguments =
            [
                "--port", "\(self.port)", "--bind", host, "--dir", directory, "--unixsocket", directory + "/socket",
                "--save", "", "--daemonize", "no", "--logfile", directory + "/log",
            ] + arguments
        process = Mutex(nil)
        try start()
    }

    deinit {
        kill()
        try? FileManager.default.removeItem(atPath: directory)
    }

    var address: String { "redis://\(host):\(port)" }

    /// Starts it again where it was.
    func start() throws {
        try process.withLock { process in
            guard process == nil, let executable = Self.executable else { return }
            process = try spawn([executable] + arguments)
        }
        for _ in 0..<2000 {
            if isListening(host, port) { return }
            usleep(5000)
        }
        throw Failure(description: (try? String(contentsOfFile: directory + "/log", encoding: .utf8)) ?? "no log")
    }

    /// As `kill -9` does.
    func kill() {
        process.withLock { process in
            guard let pid = process else { return }
            _ = Glibc.kill(pid, SIGKILL)
            waitpid(pid, nil, 0)
            process = nil
        }
    }

    /// Stops and continues it.
    func signal(_ signal: Int32) {
        process.withLock { if let pid = $0 { _ = Glibc.kill(pid, signal) } }
    }

    /// What it answers to commands, on a connection of the test's own.
    @discardableResult
    func answers(_ arguments: String...) async throws -> RedisReply {
        try await answers(arguments.map { Array($0.utf8) })
    }

    @discardableResult
    func answers(_ arguments: [[UInt8]]) async throws -> RedisReply {
        let pool = try RedisPool(RedisAddress(address), .init())
        guard let name = arguments.first else { throw Failure(description: "no command") }
        return try await pool.send(
            [RedisCommand(String(decoding: name, as: UTF8.self), Array(arguments.dropFirst()))])[0]
    }
}

private func spawn(_ arguments: [String]) throws -> pid_t {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0)
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0)
    var pid = pid_t()
    var pointers: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) } + [nil]
    defer { for pointer in pointers { free(pointer) } }
    let code = posix_spawn(&pid, arguments[0], &actions, nil, &pointers, environ)
    guard code == 0 else { throw RedisServer.Failure(description: "posix_spawn: \(code)") }
    return pid
}

/// A port of loopback on which nothing listens.
func freePort() throws -> UInt16 {
    try withSocket { descriptor, address in
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        return try withUnsafeMutablePointer(to: &address) { pointer in
            try pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                guard bind(descriptor, generic, size) == 0, getsockname(descriptor, generic, &size) == 0 else {
                    throw RedisServer.Failure(description: "bind: \(errno)")
                }
            }
            return UInt16(bigEndian: pointer.pointee.sin_port)
        }
    }
}

private func isListening(_ host: String, _ port: UInt16) -> Bool {
    withSocket { descriptor, address in
        inet_pton(AF_INET, host, &address.sin_addr)
        address.sin_port = port.bigEndian
        return withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
    }
}

private func withSocket<Result>(_ body: (Int32, inout sockaddr_in) throws -> Result) rethrows -> Result {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    defer { close(descriptor) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    return try body(descriptor, &address)
}
