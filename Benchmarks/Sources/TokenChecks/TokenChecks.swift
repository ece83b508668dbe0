import Foundation
import InMemory
import JOSE

/// `token-checks ALGORITHM SECONDS ROUNDS [FILE]`: checks of an ID Token per second of processor time, by one thread; and
/// of its signature alone. With FILE, the token and what it is to be held against are written there, for others.
@main
struct TokenChecks {
    static func main() async throws {
        let arguments = CommandLine.arguments.dropFirst()
        guard (3...4).contains(arguments.count), let algorithm = JWSAlgorithm(rawValue: arguments[1]),
            let seconds = Double(arguments[2]), let rounds = Int(arguments[3])
        else {
            FileHandle.standardError.write(Data("token-checks ALGORITHM SECONDS ROUNDS [FILE]\n".utf8))
            exit(64)
        }
        let candidate = try Candidate(algorithm)
        if let path = arguments.dropFirst(3).first {
            try Data(candidate.description().serialized()).write(to: URL(fileURLWithPath: path))
        }
        let result = try await measure(candidate, seconds, rounds)
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        print(String(decoding: try encoder.encode(result), as: UTF8.self))
    }

    struct Result: Encodable {
        let algorithm: String
        var checksPerSecond: [Double] = []
        var verificationsPerSecond: [Double] = []
    }

    /// Away from the main actor, so that a call is not a change of threads.
    @concurrent
    private static func measure(_ candidate: Candidate, _ seconds: Double, _ rounds: Int) async throws -> Result {
        let keys = try JWKSet(parsing: candidate.keySet)
        let check = try IDTokenCheck(of: candidate.token, keySet: candidate.keySet) { Date() }
        let token = try JWS(compact: candidate.token)
        var result = Result(algorithm: candidate.key.algorithm.rawValue)
        _ = try await check.time(100)
        for _ in 0..<rounds {
            result.checksPerSecond.append(try await perSecond(for: seconds) { try await check.time(200) })
            result.verificationsPerSecond.append(
                try await perSecond(for: seconds) {
                    await processorTime {
                        for _ in 0..<200 { _ = try? token.verify(using: keys, allowing: [token.header.algorithm]) }
                    }
                })
        }
        return result
    }

    /// How often a second something can be done, where two hundred take the time that is returned.
    private static func perSecond(
        for seconds: Double, _ twoHundred: () async throws -> Double
    ) async throws -> Double {
        var count = 0
        var time = 0.0
        while time < seconds {
            time += try await twoHundred()
            count += 200
        }
        return Double(count) / time
    }
}

/// A token to be checked.
private struct Candidate {
    let key: SigningKey
    let token: String
    let keySet: [UInt8]

    /// A new key, with an ID Token that is as new.
    init(_ algorithm: JWSAlgorithm) throws {
        key = try SigningKey.generate(algorithm, keyID: "2026-11")
        token = try InMemoryProvider.idToken(
            by: key, issuer: IDTokenCheck.issuer, nonce: IDTokenCheck.nonce, at: Date())
        // A provider has the key that it has just left, or goes to, in the set as well.
        let other = try SigningKey.generate(algorithm, keyID: "2026-12")
        keySet = JWKSet(keys: [other.publicJWK, key.publicJWK]).json.serialized()
    }

    /// The token, and what it is held against.
    func description() throws -> JSONObject {
        [
            "token": .string(token), "keys": .object(try JSONObject(parsing: keySet)),
            "algorithm": .string(key.algorithm.rawValue), "issuer": .string(IDTokenCheck.issuer),
            "client_id": .string(InMemoryProvider.clientID), "nonce": .string(IDTokenCheck.nonce),
            "access_token": .string(InMemoryProvider.accessToken),
        ]
    }
}
