import CurlTransport
import Foundation
import HTTPMessages
import OpenIDConnect
import Synchronization
import Testing

/// The program as it was built, running as a process of its own.
final class Program: Sendable {
    private let process: Process
    private let output = Pipe()
    private let complaints = Pipe()

    /// Starts it with nothing in its environment but what is given.
    init(_ arguments: [String] = [], environment: [String: String]) throws {
        // It stands beside the tests' own executable.
        let tests = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        process = Process()
        process.executableURL = URL(fileURLWithPath: tests).deletingLastPathComponent()
            .appendingPathComponent("oidc-demo")
        process.arguments = arguments
        process.environment = environment
        process.standardOutput = output
        process.standardError = complaints
        try process.run()
    }

    /// Waits until it tells that it listens, and gives all of what it tells.
    func announcement() -> String {
        var text = ""
        while !text.contains("Stop it with Ctrl-C."), case let data = output.fileHandleForReading.availableData,
            !data.isEmpty
        {
            text += String(decoding: data, as: UTF8.self)
        }
        return text
    }

    func terminate() { process.terminate() }

    func interrupt() { process.interrupt() }

    /// Waits for its end.
    func end() -> (status: Int32, output: String, complaints: String) {
        let told = output.fileHandleForReading.readDataToEndOfFile()
        let complained = complaints.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        let status = process.terminationReason == .exit ? process.terminationStatus : -process.terminationStatus
        return (status, String(decoding: told, as: UTF8.self), String(decoding: complained, as: UTF8.self))
    }
}

/// A directory for one test.
final class Scratch: Sendable {
    let path = NSTemporaryDirectory() + "/oidc-demo-\(UUID())"

    init() throws { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func write(_ text: String, to name: String) throws -> String {
        try Data(text.utf8).write(to: URL(fileURLWithPath: path + "/" + name))
        return path + "/" + name
    }
}

/// As much of a browser as a login takes: cookies by host and port, redirects one by one.
final class SmallBrowser {
    private let transport: CurlTransport
    private var cookies: [String: [String: String]] = [:]

    init() throws { transport = try CurlTransport() }

    deinit { transport.shutdown() }

    func send(_ url: String, form: String? = nil) async throws -> (status: Int, location: String?, text: String) {
        let url = try #require(EndpointURL(url))
        var fields = [("Accept", "text/html"), ("Sec-Fetch-Site", "same-origin")]
        let jar = cookies[url.origin] ?? [:]
        if !jar.isEmpty { fields.append(("Cookie", jar.map { "\($0)=\($1)" }.joined(separator: "; "))) }
        if form != nil { fields.append(("Content-Type", "application/x-www-form-urlencoded")) }
        let response = try await transport.send(
            TransportRequest(
                method: form == nil ? .get : .post, url: url, fields: fields.map { (name: $0, value: $1) },
                body: Array((form ?? "").utf8)))
        for line in response.fields where line.name.lowercased() == "set-cookie" {
            let pair = line.value.prefix { $0 != ";" }.split(separator: "=", maxSplits: 1).map(String.init)
            cookies[url.origin, default: [:]][pair[0]] =
                pair.count == 2 && !line.value.contains("Max-Age=0") ? pair[1] : nil
        }
        let location = response.fields.first { $0.name.lowercased() == "location" }?.value
        return (response.status, location, String(decoding: response.body, as: UTF8.self))
    }

    /// A whole login as the development provider's first user; gives the last page.
    func logIn(at origin: String) async throws -> String {
        let authorization = try #require(try await send(origin + "/login").location)
        let page = try await send(authorization).text
        let action = try #require(page.firstMatch(of: /<form[^>]*action="([^"]*)"/)).1
        var form = FormParameters()
        for field in page.matches(of: /<input type="hidden" name="([^"]*)" value="([^"]*)"/) {
            form.append(String(field.1), String(field.2).replacing("&amp;", with: "&"))
        }
        form.append("user", String(try #require(page.firstMatch(of: /name="user" value="([^"]*)"/)).1))
        let provider = try #require(EndpointURL(authorization)).origin
        let target = action.hasPrefix("/") ? provider + action : String(action)
        let callback = try #require(try await send(target, form: form.encoded).location)
        let home = try #require(try await send(callback).location)
        return try await send(home.hasPrefix("/") ? origin + home : home).text
    }
}
