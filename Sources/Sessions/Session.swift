public import FoundationEssentials
import Synchronization

/// What is kept of a signed-in user. Times are kept to the millisecond.
public struct Session: Sendable, Hashable {
    /// The application's bytes.
    public var payload: [UInt8] { didSet { reading = Reading() } }
    private var reading = Reading()
    /// What a list of sessions needs of the payload, the application's bytes as well. Stores on the server keep it beside
    /// the payload, so that a list need not read that; where it is empty, or has more than a few KiB, a list reads the payload.
    public var summary: [UInt8]
    /// The issuer that the user logged in through.
    public var issuer: String?
    /// The user's identifier at the issuer, `sub`.
    public var subject: String?
    /// The identifier of the session at the issuer, `sid`.
    public var providerSessionID: String?
    /// When the user logged in.
    public let createdAt: Date
    /// When the session was last used; stores note a use about once a minute.
    public var lastUsedAt: Date
    /// When the session ends, however much it is used.
    public var expiresAt: Date

    /// `lastUsedAt` is `createdAt` where it is not given.
    public init(
        payload: [UInt8], summary: [UInt8] = [], issuer: String? = nil, subject: String? = nil,
        providerSessionID: String? = nil,
        createdAt: Date, lastUsedAt: Date? = nil, expiresAt: Date
    ) {
        self.payload = payload
        self.summary = summary
        self.issuer = issuer
        self.subject = subject
        self.providerSessionID = providerSessionID
        self.createdAt = createdAt.toTheMillisecond
        self.lastUsedAt = (lastUsedAt ?? createdAt).toTheMillisecond
        self.expiresAt = expiresAt.toTheMillisecond
    }
}

extension Session {
    /// Larger payloads are read each time: what is read of one takes many times its bytes, and a provider has its say in
    /// them.
    package static let keptReadingByteCount = 8 << 10

    /// What the payload says, read once for all copies of this session: a store that keeps sessions in memory gives a
    /// copy to each request.
    package func read<Value: Sendable>(_ read: (_ payload: [UInt8]) -> Value?) -> Value? {
        if let known = reading.value.withLock({ $0 }) as? Value { return known }
        guard let value = read(payload) else { return nil }
        if payload.count <= Self.keptReadingByteCount { reading.value.withLock { $0 = value } }
        return value
    }

    /// Is no part of what a session is: all are equal.
    private final class Reading: Sendable, Hashable {
        let value = Mutex<(any Sendable)?>(nil)

        static func == (left: Reading, right: Reading) -> Bool { true }

        func hash(into hasher: inout Hasher) {}
    }
}

extension Session: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Its size and times; nothing of what it holds.
    public var description: String {
        "a session of \(payload.count) bytes, \(createdAt.milliseconds) to \(expiresAt.milliseconds), "
            + "last used \(lastUsedAt.milliseconds)"
    }
    /// As ``description``.
    public var debugDescription: String { description }
    /// Shows nothing.
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}

extension Date {
    package init(milliseconds: Int64) { self.init(timeIntervalSince1970: Double(milliseconds) / 1000) }

    /// Milliseconds since 1970, rounded down; what no `Int64` holds becomes the nearest that a store can.
    package var milliseconds: Int64 {
        let value = (timeIntervalSince1970 * 1000).rounded(.down)
        let limit = 9.0e15
        return value.isNaN ? 0 : Int64(min(max(value, -limit), limit))
    }

    /// Milliseconds as eight bytes, for a shared value.
    package static func bytes(ofMilliseconds milliseconds: Int64) -> [UInt8] {
        stride(from: 56, through: 0, by: -8).map { UInt8(truncatingIfNeeded: milliseconds >> $0) }
    }

    /// The milliseconds of such bytes, exactly; `nil` for any others.
    package static func milliseconds(of bytes: [UInt8]) -> Int64? {
        bytes.count == 8 ? bytes.reduce(0) { $0 << 8 | Int64($1) } : nil
    }

    var toTheMillisecond: Date { Date(milliseconds: milliseconds) }
}
