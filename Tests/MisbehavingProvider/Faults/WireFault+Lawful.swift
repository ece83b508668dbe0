import RawSockets

/// Ways that HTTP allows and few servers go: the answer arrives.
extension WireFault {
    package static let chunked = WireFault { connection, reply in
        connection.send(reply.openHead + "Transfer-Encoding: chunked\r\n\r\n")
        for start in stride(from: 0, to: reply.body.count, by: 100) {
            let piece = reply.body[start..<min(start + 100, reply.body.count)]
            connection.send(Array("\(String(piece.count, radix: 16));x=y\r\n".utf8) + piece + Array("\r\n".utf8))
        }
        connection.send("0\r\nX-Trailer: 1\r\n\r\n")
    }

    package static let pieces = WireFault { connection, reply in
        for byte in reply.bytes { connection.send([byte]) }
    }

    /// Interim answers come first (RFC 9110 §15.2).
    package static let informed = WireFault { connection, reply in
        connection.send("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n")
        connection.send(reply.bytes)
    }

    package static let old = WireFault { connection, reply in
        connection.send(reply.openHead.replacing("HTTP/1.1", with: "HTTP/1.0") + "\r\n")
        connection.send(reply.body)
    }

    /// The connection ends after the answer, which did not say so.
    package static let answerAndEnd = WireFault { connection, reply in connection.sendLast(reply.bytes) }
}
