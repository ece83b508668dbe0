package import RawSockets

/// What goes wrong on the way, on the raw socket, instead of the answer that was meant.
package struct WireFault: Sendable {
    let play: @Sendable (Connection, Reply) -> Void

    package init(_ play: @escaping @Sendable (Connection, Reply) -> Void) { self.play = play }
}

extension WireFault {
    /// No answer ever comes.
    package static let silence = WireFault { connection, _ in connection.waitForEnd() }

    /// The connection ends without an answer.
    package static let closing = WireFault { _, _ in }

    package static let reset = WireFault { connection, _ in connection.reset() }

    package static let truncatedHead = WireFault { connection, reply in
        connection.send(String(reply.openHead.dropLast(5)))
    }

    package static let truncatedBody = WireFault { connection, reply in
        connection.send(Array(reply.bytes.dropLast(5)))
    }

    /// A body that comes byte by byte, and would be whole after many minutes.
    package static let drippingBody = WireFault { connection, reply in
        connection.send(reply.openHead + "Content-Length: 100000\r\n\r\n")
        connection.repeatedly(everyMilliseconds: 50, Array(" ".utf8))
    }

    package static let drippingHead = WireFault { connection, reply in
        connection.send(reply.openHead + "X-Slow: ")
        connection.repeatedly(everyMilliseconds: 50, Array("x".utf8))
    }

    /// Without a length, until the other side has had enough.
    package static let endlessBody = WireFault { connection, reply in
        connection.send(reply.openHead + "Connection: close\r\n\r\n")
        connection.repeatedly([UInt8](repeating: 0x20, count: 65_536))
    }

    package static let endlessChunks = WireFault { connection, reply in
        connection.send(reply.openHead + "Transfer-Encoding: chunked\r\n\r\n")
        connection.repeatedly(Array("1000\r\n".utf8) + [UInt8](repeating: 0x20, count: 0x1000) + Array("\r\n".utf8))
    }

    package static let endlessHead = WireFault { connection, reply in
        connection.send(reply.openHead)
        connection.repeatedly(Array("X-More: \(String(repeating: "x", count: 1000))\r\n".utf8))
    }

    package static let manyFields = WireFault { connection, reply in
        let more = (0..<5000).map { "X-Field-\($0): a value that takes some room\r\n" }.joined()
        connection.send(
            Array((reply.openHead + more + "Content-Length: \(reply.body.count)\r\n\r\n").utf8) + reply.body)
    }

    /// The right JSON, followed by white space up to 2 MiB.
    package static let huge = WireFault { connection, reply in
        var reply = reply
        reply.body += [UInt8](repeating: 0x20, count: 2 << 20)
        connection.send(reply.bytes)
    }

    /// The right JSON, followed by 100 MB of white space, in a few hundred KiB.
    package static let gzipBomb = gzipBomb(isDeclared: true)

    /// The same without the field that says so.
    package static let undeclaredGzipBomb = gzipBomb(isDeclared: false)

    private static func gzipBomb(isDeclared: Bool) -> WireFault {
        WireFault { connection, reply in
            var reply = reply
            if isDeclared { reply.fields.append(("Content-Encoding", "gzip")) }
            reply.body = gzip(reply.body, followedBy: 0x20, count: 100_000_000)
            connection.send(reply.bytes)
        }
    }

    package static let twoLengths = WireFault { connection, reply in
        connection.send(
            Array((reply.openHead + "Content-Length: 2\r\nContent-Length: \(reply.body.count)\r\n\r\n").utf8)
                + reply.body)
    }

    package static let notHTTP = WireFault { connection, _ in connection.send("SSH-2.0-OpenSSH_9.9\r\n") }

    /// A status of its own in place of the answer's, and nothing else of it.
    package static func status(_ status: Int, type: String = "text/html", _ text: String = "<h1>No</h1>") -> WireFault {
        WireFault { connection, _ in connection.send(Reply(status: status, type: type, text).bytes) }
    }
}
