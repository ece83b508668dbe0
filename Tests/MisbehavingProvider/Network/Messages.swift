import HTTPMessages

/// A request as it came.
struct ReceivedRequest: Sendable {
    let method: String
    let path: String
    let query: String
    let fields: [(name: String, value: String)]
    let body: [UInt8]

    /// `nil` where the head is not HTTP/1.1.
    init?(head: String, body: [UInt8]) {
        self.body = body
        let lines = head.split(separator: "\r\n")
        guard let words = lines.first?.split(separator: " "), words.count == 3, words[2] == "HTTP/1.1" else {
            return nil
        }
        let target = words[1].split(separator: "?", maxSplits: 1)
        method = String(words[0])
        path = String(target[0])
        query = target.count == 2 ? String(target[1]) : ""
        fields = lines.dropFirst().map { line in
            let name = line.prefix { $0 != ":" }
            return (name.lowercased(), String(line.dropFirst(name.count + 1).drop { $0 == " " }))
        }
    }

    func values(_ name: String) -> [String] { fields.filter { $0.name == name }.map(\.value) }

    /// The parameters of the query or of the form in the body.
    func parameters() throws -> FormParameters {
        try FormParameters(parsing: method == "POST" ? String(decoding: body, as: UTF8.self) : query)
    }
}

/// An answer before it is written.
package struct Reply: Sendable {
    package var status = 200
    package var fields: [(name: String, value: String)] = []
    package var body: [UInt8] = []

    package init(status: Int = 200, fields: [(name: String, value: String)] = [], body: [UInt8] = []) {
        self.status = status
        self.fields = fields
        self.body = body
    }

    package init(status: Int = 200, type: String, _ text: String) {
        self.init(status: status, fields: [("Content-Type", type)], body: Array(text.utf8))
    }

    static func json(_ bytes: [UInt8], status: Int = 200) -> Reply {
        Reply(
            status: status, fields: [("Content-Type", "application/json"), ("Cache-Control", "no-store")], body: bytes)
    }

    /// The head, as far as it is known before the body's length is.
    package var openHead: String {
        "HTTP/1.1 \(status) Status\r\n" + fields.map { "\($0.name): \($0.value)\r\n" }.joined()
    }

    /// The whole of it, as it should be.
    package var bytes: [UInt8] { Array((openHead + "Content-Length: \(body.count)\r\n\r\n").utf8) + body }
}
