import FoundationEssentials
import JOSE
import Synchronization
import TestSupport
import Testing

@testable import OpenIDConnect

@Suite("The record of a login")
struct LoginRecordTests {
    /// A recorded login at a provider that a test plays.
    private func record(
        _ change: (inout PlayedProvider.Script) -> Void
    ) async throws -> (record: LoginRecord, error: OpenIDError?) {
        let provider = try PlayedProvider()
        provider.change(change)
        let recorder = LoginRecorder(now: { PlayedProvider.now })
        var failure: OpenIDError?
        await LoginRecorder.$current.withValue(recorder) {
            do throws(OpenIDError) {
                _ = try await login(at: provider)
            } catch {
                recorder.fail(error)
                failure = error
            }
        }
        return (recorder.record, failure)
    }

    private func login(at provider: PlayedProvider) async throws(OpenIDError) -> Login? {
        do {
            return try await provider.login(provider.transport)
        } catch let error as OpenIDError {
            throw error
        } catch {
            return nil
        }
    }

    @Test("hides a secret that was learnt after what it stands in was written down")
    func lateSecret() throws {
        let recorder = LoginRecorder(now: { PlayedProvider.now })
        recorder.add(.session, [.init(.measured, "note", "before canary-1 after")])
        recorder.hide(["canary-1"])
        #expect(recorder.record.steps.first?.parts.first?.value == "before <redacted> after")
    }

    @Test("leaves out the end of what does not fit, and does not look for what would")
    func end() {
        let recorder = LoginRecorder(now: { PlayedProvider.now })
        let long = (0..<1000).map { LoginRecord.Part(.claim, "long \($0)", String(repeating: "x", count: 200)) }
        recorder.add(.userInfo, long + [.init(.claim, "last", "")])
        let record = recorder.record
        let kept = record.steps.first?.parts ?? []
        #expect(kept.map(\.name) == (0..<kept.count).map { "long \($0)" })
        #expect(!kept.isEmpty && record.omittedPartCount == 1001 - kept.count)
    }

    /// Counts how often a part is put into words.
    private final class Wordings: Sendable {
        private let value = Mutex(0)
        var count: Int { value.withLock { $0 } }

        func parts() -> [LoginRecord.Part] {
            value.withLock { $0 += 1 }
            return [.init(.measured, "note", "words")]
        }
    }

    @Test("is put into words only when somebody asks, and once")
    func wording() {
        let wordings = Wordings()
        let recorder = LoginRecorder(now: { PlayedProvider.now })
        recorder.add(.session, wordings.parts())
        #expect(wordings.count == 0)
        #expect(recorder.record == recorder.record)
        #expect(wordings.count == 1)
        #expect(recorder.record.steps.map(\.parts.count) == [1])
    }

    @Test("masks what is secret by its name, and hides it where it has no business to be")
    func secrets() async throws {
        let (record, error) = try await record { script in
            script.claims["note"] = .string(String(repeating: "x", count: 195) + "access-1")
            script.claims["refresh-1"] = "of a name"
            script.claims["api"] = ["deep": ["access_token": "canary-deep-token-0123456789", "plain": "seen"]]
            script.claims["password"] = "canary-password-0123456789"
            script.token["note"] = "canary-unknown-member-0123456789"
        }
        #expect(error == nil)
        let claims = record.steps.flatMap(\.parts).filter { $0.role == .claim }
        let text = JSONValue.object(record.json).text
        for secret in [
            "access-1", "xacces", "refresh-1", "-deep-token", "-password-", "-unknown-", "code-1", "secret-1",
        ] {
            #expect(!text.contains(secret), "\(secret)")
        }
        #expect(claims.first { $0.name == "note" }?.value == String(repeating: "x", count: 195) + "<reda…")
        #expect(claims.first { $0.name == "<redacted>" }?.value == "of a name")
        #expect(claims.first { $0.name == "api" }?.value.contains("seen") == true)
        #expect(claims.first { $0.name == "password" }?.value == "cana… (26 characters)")
    }

    @Test(
        "has the failed rule once, in its step, whatever failed",
        arguments: [
            ("idToken.audience", LoginRecord.Step.Kind.idToken), ("userInfo.error", .userInfo), ("keySet.form", .keys),
            ("tokenResponse.error.invalid_client", .tokenRequest), ("provider.status", .tokenRequest),
            ("provider.status", .keys),
        ])
    func failures(_ name: String, _ kind: LoginRecord.Step.Kind) async throws {
        let (record, error) = try await record { script in
            switch (name, kind) {
            case ("idToken.audience", _): script.claims["aud"] = "other"
            case ("userInfo.error", _): script.userInfoStatus = 403
            case ("keySet.form", _): script.answers["/keys"] = .json("[]")
            case ("provider.status", .keys): script.answers["/keys"] = .json("{}", status: 404)
            case ("provider.status", _): script.answers["/token"] = .json("{}", status: 500)
            default: script.answers["/token"] = .json(#"{"error": "invalid_client"}"#, status: 401)
            }
        }
        #expect(error?.code.name == name)
        let failed = record.steps.filter(\.isFailed)
        #expect(failed.map(\.kind) == [kind])
        let rules = failed.flatMap(\.parts).filter { $0.verdict == .failed && $0.role == .rule }
        #expect(rules.map(\.name) == [name])
        #expect(rules.first?.value == error?.actual && rules.first?.expected == error?.expected)
    }

    @Test("tells the keys apart: the one that fitted, others, and those that cannot be used")
    func keys() async throws {
        let other = try SigningKey.generate(.es256, keyID: "k2").publicJWK
        let (record, _) = try await record { script in
            var set = JWKSet(keys: script.published + [other]).json
            set["keys"] = .array((set["keys"]?.array ?? []) + [["kty": "RSA", "kid": "weak"]])
            script.answers["/keys"] = .json(JSONValue.object(set).text)
        }
        let keys = record.steps.flatMap(\.parts).filter { $0.role == .key }
        #expect(keys.map(\.name) == ["kid k1", "kid k2", "kid weak"])
        #expect(keys.map(\.verdict) == [.passed, .notApplicable, .notApplicable])
        #expect(keys.last?.value.hasPrefix("not usable: ") == true)
    }

    @Test("measures the provider's clock by its answers, give or take a second")
    func clock() async throws {
        for (date, difference) in [
            ("Fri, 15 Jan 2027 08:00:00 GMT", 0.5), ("Fri, 15 Jan 2027 08:05:00 GMT", 300.5), ("soon", nil),
        ] {
            let (record, _) = try await record { script in
                script.answers["/userinfo"] = TransportResponse(
                    status: 200, fields: [("Date", date), ("Content-Type", "application/json")],
                    body: Array(#"{"sub": "user-1"}"#.utf8))
            }
            #expect(record.clockDifference == difference)
        }
    }

    @Test(
        "reads a Date in the form that is to be sent, and in no other",
        arguments: [
            ("Sun, 06 Nov 1994 08:49:37 GMT", 784_111_777.0 as Double?), ("Sunday, 06-Nov-94 08:49:37 GMT", nil),
            ("Sun Nov  6 08:49:37 1994", nil), ("Sun, 06 Nov 1994 08:49:37 CET", nil),
            ("Sun, 6 Nov 1994 08:49:37 GMT", nil),
            ("Sun, 06 Foo 1994 08:49:37 GMT", nil), ("Sun, 66 Nov 1994 08:49:37 GMT", nil), ("", nil),
        ])
    func date(_ text: String, _ seconds: Double?) {
        let response = TransportResponse(status: 200, fields: [("date", text)], body: [])
        #expect(response.date?.timeIntervalSince1970 == seconds)
        let twice = TransportResponse(status: 200, fields: [("date", text), ("Date", text)], body: [])
        #expect(twice.date == nil)
    }

    @Test("is read again as it was written, and nothing else is one")
    func coding() async throws {
        let (record, _) = try await record { $0.claims["aud"] = "other" }
        #expect(LoginRecord(json: record.json) == record)
        for text in [
            #"{}"#, #"{"at": 1, "steps": [1]}"#, #"{"at": 1, "steps": [{"kind": "x", "at": 1, "parts": []}]}"#,
            #"{"at": 1, "steps": [{"kind": "keys", "at": 1, "parts": [["x", "a", "b"]]}]}"#,
            #"{"at": 1, "steps": [{"kind": "keys", "at": 1, "parts": [["key", "a"]]}]}"#,
            #"{"at": 1, "steps": [{"kind": "keys", "at": 1, "parts": [["key", "a", "b", "x"]]}]}"#,
        ] {
            #expect(LoginRecord(json: try JSONObject(parsing: Array(text.utf8))) == nil, "\(text)")
        }
    }

    @Test("of a long text shows the beginning alone, and nothing of a secret that lies across its end")
    func longText() {
        let secret = String(repeating: "s3cr3t", count: 50)
        for offset in stride(from: 0, to: 2000, by: 37) {
            let text = String(repeating: "x", count: offset) + secret + secret + String(repeating: "y", count: 500_000)
            let shown = redactedExcerpt(text, [Array(secret.utf8)])
            #expect(!shown.contains("s3"), "\(offset)")
            #expect(shown.unicodeScalars.count <= 201 && shown.hasSuffix("…"))
        }
    }
}
