import Glibc

/// A server's end of a connection, to be written to rightly or wrongly.
package struct Connection: Sendable {
    let socket: Int32

    /// A peer that stops reading must not keep a thread for good.
    func limitSending() {
        var limit = timeval(tv_sec: 20, tv_usec: 0)
        setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    }

    /// Head and body of the next request; `nil` at the end of the connection, and for what is too long.
    package func readMessage() -> (head: String, body: [UInt8])? {
        var received: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65536)
        while received.count < 4 << 20 {
            let count = recv(socket, &buffer, buffer.count, 0)
            guard count > 0 else { return nil }
            received += buffer[..<count]
            if let end = received.firstRange(of: Array("\r\n\r\n".utf8)) {
                let head = String(decoding: received[..<end.lowerBound], as: UTF8.self)
                let declared = head.lowercased().firstMatch(of: /\r\ncontent-length: *([0-9]+)/).flatMap { Int($0.1) }
                let body = received[end.upperBound...]
                guard body.count >= declared ?? 0 else { continue }
                return (head, Array(body))
            }
        }
        return nil
    }

    /// What comes next, 64 KiB at most; `nil` at the end of the connection.
    package func receive() -> [UInt8]? {
        var buffer = [UInt8](repeating: 0, count: 65536)
        let count = recv(socket, &buffer, buffer.count, 0)
        return count > 0 ? Array(buffer[..<count]) : nil
    }

    /// Whether all of it went out.
    @discardableResult
    package func send(_ bytes: [UInt8]) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }

    /// Whether all of it went out.
    @discardableResult
    package func send(_ text: String) -> Bool { send(Array(text.utf8)) }

    /// Waits for the other side to end the connection, whatever it sends before; whether it did in time.
    @discardableResult
    package func waitForEnd(milliseconds: Int32 = 20_000) -> Bool {
        var descriptor = pollfd(fd: socket, events: Int16(POLLIN), revents: 0)
        var buffer = [UInt8](repeating: 0, count: 4096)
        while poll(&descriptor, 1, milliseconds) > 0 {
            if recv(socket, &buffer, buffer.count, 0) <= 0 { return true }
        }
        return false
    }

    /// Sends pieces, one every few milliseconds (none: as fast as they go), until the other side has had enough.
    package func repeatedly(everyMilliseconds pause: Int32 = 0, _ piece: [UInt8]) {
        while send(piece), !waitForEnd(milliseconds: pause) {}
    }

    /// Sends the last of this side, with its end in the same packet: no other thread comes in between.
    package func sendLast(_ bytes: [UInt8]) {
        var isHeldBack: Int32 = 1
        setsockopt(socket, Int32(IPPROTO_TCP), TCP_CORK, &isHeldBack, socklen_t(MemoryLayout<Int32>.size))
        send(bytes)
        shutdown(socket, Int32(SHUT_WR))
    }

    /// Ends the connection, in both directions.
    package func end() { shutdown(socket, Int32(SHUT_RDWR)) }

    /// Makes the end of the connection a reset.
    package func reset() {
        var linger = linger(l_onoff: 1, l_linger: 0)
        setsockopt(socket, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout<Glibc.linger>.size))
    }
}
