import ByteText

/// A command as a list of byte strings: nothing in it is ever read as text.
struct RedisCommand: Sendable {
    let arguments: [[UInt8]]

    init(_ name: String, _ arguments: [UInt8]...) { self.arguments = [Array(name.utf8)] + arguments }

    init(_ name: String, _ arguments: [[UInt8]]) { self.arguments = [Array(name.utf8)] + arguments }

    /// The name, for messages.
    var name: String { String(decoding: arguments.first ?? [], as: UTF8.self) }
}

/// What a server answers to one command.
enum RedisReply: Sendable, Equatable {
    case bytes([UInt8])
    case status(String)
    case integer(Int64)
    case list([RedisReply])
    case null
    case error(RedisServerError)

    var bytes: [UInt8]? {
        if case .bytes(let bytes) = self { bytes } else { nil }
    }

    var integer: Int64? {
        if case .integer(let integer) = self { integer } else { nil }
    }

    var list: [RedisReply]? {
        if case .list(let list) = self { list } else { nil }
    }
}

/// A server's refusal. Its text may repeat what was sent, a password for one: only its name gets out of here.
struct RedisServerError: Sendable, Equatable {
    /// The word by which it begins, such as `WRONGTYPE`.
    let name: String
    private let text: String

    /// Those that Redis has, and an operator may meet: no other word is repeated.
    private static let names: Set<String> = [
        "ASK", "BUSY", "CLUSTERDOWN", "CROSSSLOT", "DENIED", "ERR", "EXECABORT", "LOADING", "MASTERDOWN", "MISCONF",
        "MOVED", "NOAUTH", "NOPERM", "NOREPLICAS", "NOSCRIPT", "OOM", "READONLY", "TRYAGAIN", "UNKILLABLE", "WRONGPASS",
        "WRONGTYPE",
    ]

    init(_ text: String) {
        self.text = text
        let word = String(text.utf8.prefix(before: " ", "\t", "\r", "\n"))
        let ownName = Self.names.containsExactly(word) ? word : "an error"
        // Redis before 7 wraps what a command inside a script met.
        let wrapped = ["READONLY", "OOM", "MISCONF", "NOREPLICAS", "MASTERDOWN"].first { text.utf8.contains("-\($0) ") }
        name = ownName.isExactly("ERR") ? wrapped ?? ownName : ownName
    }

    /// Whether a server says so that is not, or no longer, or not yet the primary: a replica, an old primary whose replicas
    /// have left it, or one that has just been started. It has done nothing then.
    var isOfAnotherThanThePrimary: Bool {
        ["READONLY", "MASTERDOWN", "NOREPLICAS", "LOADING"].containsExactly(name)
    }

    /// Whether the text has these words.
    func says(_ words: String) -> Bool { text.utf8.contains(words) }
}

extension [UInt8] {
    /// The bytes of a text.
    init(_ text: String) { self = Array(text.utf8) }

    /// A number in decimal digits.
    init(_ number: some BinaryInteger) { self = Array("\(number)".utf8) }
}
