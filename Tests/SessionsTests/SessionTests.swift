import FoundationEssentials
import Sessions
import TestSupport
import Testing

@Suite("Sessions and their identifiers")
struct SessionTests {
    @Test("an identifier is the base64url text of 256 random bits")
    func identifier() throws {
        var generator = SeededGenerator(seed: 3)
        var again = SeededGenerator(seed: 3)
        let id = SessionID.generate(using: &generator)
        #expect(id.string.utf8.count == 43)
        #expect(SessionID(id.string) == id)
        #expect(SessionID.generate(using: &again) == id)
        #expect(SessionID.generate(using: &again) != id)
        #expect(SessionID.generate() != SessionID.generate())
    }

    @Test(
        "any other text is no identifier",
        arguments: [
            "", "abc", String(repeating: "A", count: 42), String(repeating: "A", count: 44),
            String(repeating: "A", count: 42) + "=", String(repeating: "A", count: 42) + "+",
            String(repeating: "A", count: 42) + "B", String(repeating: "A", count: 42) + "ä",
            " " + String(repeating: "A", count: 42),
        ])
    func noIdentifier(_ text: String) {
        #expect(SessionID(text) == nil)
    }

    @Test("a token holds base64url characters, and not too many")
    func token() {
        #expect(SessionToken(String(repeating: "a", count: 12_288)) != nil)
        for text in ["", String(repeating: "a", count: 12_289), "a b", "a=", "a;b", "a\r\n", "ä", "a~"] {
            #expect(SessionToken(text) == nil)
        }
    }

    @Test("times are kept to the millisecond, whatever they are")
    func times() {
        let session = Session(
            payload: [], createdAt: Date(timeIntervalSince1970: 1.2345), expiresAt: .distantFuture)
        #expect(session.createdAt == Date(timeIntervalSince1970: 1.234))
        #expect(session.lastUsedAt == session.createdAt)
        for seconds in [Double.infinity, -.infinity, .nan, 1e300] {
            let odd = Session(payload: [], createdAt: Date(timeIntervalSince1970: seconds), expiresAt: Date())
            #expect(Session(encoded: odd.encoded) == odd)
        }
    }

    @Test("what the payload says is read once for all copies, and anew when the payload is another")
    func reading() {
        var session = Session(payload: [1], createdAt: Date(), expiresAt: Date())
        let copy = session
        #expect(session.read { "read of \($0)" } == "read of [1]")
        #expect(copy.read { _ in "read anew" } == "read of [1]")
        session.payload = [2]
        #expect(session.read { "read of \($0)" } == "read of [2]")
        #expect(copy.read { _ in "read anew" } == "read of [1]")
        #expect(copy.read { _ in 7 } == 7)
        #expect(Session(payload: [3], createdAt: Date(), expiresAt: Date()).read { _ in nil as Int? } == nil)
    }

    @Test("what a large payload says is read each time, since it may take many times as much memory")
    func largeReading() {
        for (size, again) in [(Session.keptReadingByteCount, "first"), (Session.keptReadingByteCount + 1, "second")] {
            let session = Session(
                payload: [UInt8](repeating: 0, count: size), createdAt: Date(), expiresAt: Date())
            #expect(session.read { _ in "first" } == "first")
            #expect(session.read { _ in "second" } == again)
        }
    }

    @Test("what was encoded is read again, and nothing that is cut off")
    func encoding() {
        let now = Date(timeIntervalSince1970: 1_800_000_000)
        let session = Session(payload: [], issuer: "i", subject: "", createdAt: now, expiresAt: now)
        let bytes = session.encoded
        #expect(Session(encoded: bytes) == session)
        for count in 0..<bytes.count { #expect(Session(encoded: Array(bytes.prefix(count))) == nil) }
        #expect(Session(encoded: [2] + bytes.dropFirst()) == nil)
        // The text of the issuer, no longer UTF-8.
        var broken = bytes
        broken[29] = 0xFF
        #expect(Session(encoded: broken) == nil)
    }

    @Test("a lifetime of nothing is one of a second")
    func shortLifetime() {
        let lifetime = SessionLifetime(idle: 0, absolute: -5)
        #expect(lifetime.idle == 1)
        #expect(lifetime.absolute == 1)
    }

    @Test("a session does not print what it holds")
    func redacted() {
        let time = Date(timeIntervalSince1970: 1_800_000_000)
        let session = Session(payload: Array("secret".utf8), subject: "alice", createdAt: time, expiresAt: time)
        var shown = "\(session) \(String(reflecting: session))"
        dump(session, to: &shown)
        #expect(!shown.contains("alice"))
        #expect(!shown.contains("115"))
    }
}
