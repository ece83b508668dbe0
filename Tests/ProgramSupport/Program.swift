import Foundation
import Synchronization

/// The program as it was built, running as a process of its own.
package final class Program: Sendable {
    private let process: Process
    private let output: Pipe
    private let complaints: Pipe

    /// Programs start one by one, so that none inherits another's end of a pipe and keeps it open.
    private static let start = Mutex(())

    /// Starts it with nothing in its environment but what is given.
    package init(_ arguments: [String] = [], environment: [String: String]) throws {
        // It stands beside the tests' own executable.
        let tests = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        let executable = URL(fileURLWithPath: tests).deletingLastPathComponent().appendingPathComponent("oidc-demo")
        (process, output, complaints) = try Self.start.withLock { _ in
            let process = Process()
            let (output, complaints) = (Pipe(), Pipe())
            process.executableURL = executable
            process.arguments = arguments
            process.environment = environment
            process.standardOutput = output
            process.standardError = complaints
            try process.run()
            return (process, output, complaints)
        }
    }

    /// Waits until it tells that it listens, and gives all of what it tells.
    package func announcement() -> String {
        var text = ""
        while !text.contains("Stop it with Ctrl-C."), case let data = output.fileHandleForReading.availableData,
            !data.isEmpty
        {
            text += String(decoding: data, as: UTF8.self)
        }
        return text
    }

    package func terminate() { process.terminate() }

    package func interrupt() { process.interrupt() }

    /// Sends SIGHUP, and gives what it complains of until it has said one of these words.
    package func hangUp(until words: [String]) -> String {
        kill(process.processIdentifier, SIGHUP)
        var text = ""
        while !words.contains(where: text.contains), case let data = complaints.fileHandleForReading.availableData,
            !data.isEmpty
        {
            text += String(decoding: data, as: UTF8.self)
        }
        return text
    }

    /// Waits for its end.
    package func end() -> (status: Int32, output: String, complaints: String) {
        let told = output.fileHandleForReading.readDataToEndOfFile()
        let complained = complaints.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        let status = process.terminationReason == .exit ? process.terminationStatus : -process.terminationStatus
        return (status, String(decoding: told, as: UTF8.self), String(decoding: complained, as: UTF8.self))
    }
}

/// A directory for one test.
package final class Scratch: Sendable {
    package let path = NSTemporaryDirectory() + "/oidc-demo-\(UUID())"

    package init() throws { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    package func write(_ text: String, to name: String) throws -> String {
        try Data(text.utf8).write(to: URL(fileURLWithPath: path + "/" + name))
        return path + "/" + name
    }
}
