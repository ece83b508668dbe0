import RawSockets

/// The server's end of a connection.
typealias Peer = Connection

/// A server on loopback that plays a script on the raw socket of each connection, right or wrong as HTTP.
typealias ScriptedServer = LoopbackListener

extension LoopbackListener {
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
}

extension Connection {
    /// Head and body of the next request; `nil` at the end of the connection.
    func readRequest() -> String? {
        readMessage().map { $0.head + "\r\n\r\n" + String(decoding: $0.body, as: UTF8.self) }
    }

    /// Sends pieces, one every few milliseconds, until the other side has had enough.
    func drip(_ piece: String, everyMilliseconds pause: Int32) {
        repeatedly(everyMilliseconds: pause, Array(piece.utf8))
    }
}
