import Foundation
import Glibc
import Synchronization

/// A server on loopback that plays a script on the raw socket of each connection, right or wrong as HTTP.
final class ScriptedServer: Sendable {
    struct Failure: Error {
        let call: String
        let code: Int32
    }

    let port: UInt16
    private let listener: Int32

    init(_ script: @escaping @Sendable (Peer) -> Void) throws {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard listener >= 0 else { throw Failure(call: "socket", code: errno) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let bound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                bind(listener, address, size) == 0 && listen(listener, 512) == 0
                    && getsockname(listener, address, &size) == 0
            }
        }
        guard bound else { throw Failure(call: "bind", code: errno) }
        self.listener = listener
        port = UInt16(bigEndian: address.sin_port)
        Thread.detachNewThread {
            while true {
                let connection = accept(listener, nil, nil)
                guard connection >= 0 else {
                    close(listener)
                    return
                }
                Thread.detachNewThread {
                    script(Peer(socket: connection))
                    close(connection)
                }
            }
        }
    }

    /// Answers every request of a connection with the same bytes.
    convenience init(answering answer: String) throws {
        try self.init { peer in
            while peer.readRequest() != nil { peer.send(answer) }
        }
    }

    /// Answers the first request of a connection and ends the connection.
    convenience init(answeringOnce answer: String) throws {
        try self.init { peer in
            _ = peer.readRequest()
            peer.send(answer)
        }
    }

    deinit { shutdown(listener, Int32(SHUT_RDWR)) }
}

/// The server's end of a connection.
struct Peer: Sendable {
    let socket: Int32

    /// Head and body of the next request; `nil` at the end of the connection.
    func readRequest() -> String? {
        var received: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65536)
        while true {
            let count = recv(socket, &buffer, buffer.count, 0)
            guard count > 0 else { return nil }
            received += buffer[..<count]
            let text = String(decoding: received, as: UTF8.self)
            guard let end = text.range(of: "\r\n\r\n") else { continue }
            let declared = text[..<end.lowerBound].split(separator: "\r\n")
                .first { $0.lowercased().hasPrefix("content-length:") }
                .flatMap { Int($0.dropFirst(15).trimmingCharacters(in: .whitespaces)) }
            if text[end.upperBound...].utf8.count >= declared ?? 0 { return text }
        }
    }

    /// Whether all of it went out.
    @discardableResult
    func send(_ text: String) -> Bool {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }

    /// Waits for the other side to end the connection, whatever it sends before; whether it did, each silence no longer
    /// than the time.
    @discardableResult
    func waitForEnd(milliseconds: Int32 = 10_000) -> Bool {
        var descriptor = pollfd(fd: socket, events: Int16(POLLIN), revents: 0)
        var buffer = [UInt8](repeating: 0, count: 4096)
        while poll(&descriptor, 1, milliseconds) > 0 {
            if recv(socket, &buffer, buffer.count, 0) <= 0 { return true }
        }
        return false
    }

    /// Sends pieces, one every few milliseconds, until the other side has had enough.
    func drip(_ piece: String, everyMilliseconds pause: Int32) {
        while send(piece), !waitForEnd(milliseconds: pause) {}
    }
}
