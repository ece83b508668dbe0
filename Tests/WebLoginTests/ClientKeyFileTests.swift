import Foundation
import JOSE
import OpenIDConnect
import Testing

@testable import WebLogin

@Suite("The file of the client's key")
struct ClientKeyFileTests {
    private let path = NSTemporaryDirectory() + "/client-key-\(UUID())"

    private func write(_ text: String) throws { try Data(text.utf8).write(to: URL(fileURLWithPath: path)) }

    private func jwk(_ key: SigningKey, _ change: (inout JSONObject) -> Void = { _ in }) throws -> String {
        var members = try key.privateMembers
        change(&members)
        return JSONValue.object(members).text
    }

    @Test("is a JSON Web Key, whose own alg and kid go first")
    func jsonWebKey() throws {
        defer { try? FileManager.default.removeItem(atPath: path) }
        let key = try SigningKey.generate(.es256, keyID: "own")
        try write(try jwk(key))
        #expect(try ClientKeyFile(path: path, keyID: "other").current().keyID == "own")
        try write(try jwk(key) { $0["kid"] = nil })
        #expect(try ClientKeyFile(path: path, keyID: "other").current().keyID == "other")
    }

    @Test("is read again when it has changed, and the last good key serves while it is no key or gone")
    func changes() throws {
        defer { try? FileManager.default.removeItem(atPath: path) }
        try write(try jwk(try .generate(.es256, keyID: "one")))
        let file = try ClientKeyFile(path: path)
        #expect(try file.current().keyID == "one")
        try write("half of a k")
        #expect(try file.current().keyID == "one")
        try write(try jwk(try .generate(.edDSA, keyID: "two")))
        #expect(try file.current().keyID == "two")
        try FileManager.default.removeItem(atPath: path)
        #expect(try file.current().keyID == "two")
    }

    @Test("that is missing, empty, public, a secret or too large is refused, and the reason holds nothing of it")
    func refused() throws {
        #expect(throws: ClientKeyFileError.self) { try ClientKeyFile(path: path) }
        defer { try? FileManager.default.removeItem(atPath: path) }
        let key = try SigningKey.generate(.es256, keyID: nil)
        let secret = try SigningKey.symmetric(Array(repeating: 0x41, count: 32), .hs256)
        let texts = [
            "", "canary", JSONValue.object(key.publicJWK.publicMembers).text, try jwk(secret),
            try jwk(key) { $0["d"] = "AA" },
            String(repeating: " ", count: 64 << 10) + (try jwk(key)),
        ]
        for text in texts {
            try write(text)
            let error = #expect(throws: ClientKeyFileError.self) { try ClientKeyFile(path: path) }
            let words = error.map { "\($0)" } ?? ""
            #expect(!words.contains("canary") && !words.contains("QUFB"))
        }
    }
}
