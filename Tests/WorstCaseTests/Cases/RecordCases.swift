import FoundationEssentials
import HTTPMessages

@testable import JOSE
@testable import OpenIDConnect
@testable import WebLogin

/// What is written down of a login, with its secrets taken out.
enum RecordCases {
    private static let bodyLimit = TransportRequest.Limits().bodyBytes

    private static func record(_ claims: JSONObject) {
        let recorder = LoginRecorder(now: { Date(timeIntervalSince1970: 1_800_000_000) })
        let secrets = [String(repeating: "a", count: 2000) + "b", "edac", String(repeating: "s", count: 43)]
        recorder.hide(secrets)
        recorder.addClaims(claims)
        let response = TransportResponse(status: 200, fields: [], body: claims.serialized())
        recorder.add(response, of: .token, since: Date(timeIntervalSince1970: 1_800_000_000))
        _ = recorder.record
    }

    static let all: [WorstCase] =
        [
            recordedClaims.worst("a claim that is almost a secret, again and again") { count in
                let almost = String(repeating: "a", count: 1999) + "b"
                return try Inputs.object("{\"name\":\"\(Inputs.repeated(almost, upTo: count - 12))\"}")
            },
            recordedClaims.worst("a claim of secrets") { count in
                try Inputs.object("{\"name\":\"\(Inputs.repeated("edac", upTo: count - 12))\"}")
            },
            recordedClaims.worst("a claim of many marks") {
                try Inputs.object("{\"name\":\"\(Inputs.marks(upTo: $0 - 12))\"}")
            },
            recordedClaims.worst("a name of many marks") {
                try Inputs.object("{\"\(Inputs.marks(upTo: $0 - 12))\":1}")
            },
            recordedClaims.worst("a token's name of many marks") { count in
                try Inputs.object("{\"token\(Inputs.marks(upTo: count - 16))\":1}")
            },
            recordedClaims.worst("nested claims") { count in
                let nested = String(repeating: "[", count: 29) + String(repeating: "]", count: 29) + ","
                return try Inputs.object("{\"a\":[\(Inputs.repeated(nested, upTo: count - 80))0]}")
            },
            recordedClaims.worst("many short claims") { count in
                let members = Inputs.pieces(upTo: count - 2, separator: ",") {
                    "\"\(String($0, radix: 36))\":0"
                }
                return try Inputs.object("{\(members)}")
            },
        ]
        + [
            errorText.worst("marks") { Inputs.marks(upTo: $0) },
            errorText.worst("control characters") { Inputs.repeated("\u{1}", upTo: $0) },
        ]
        + [
            recordedAnswer.worst("names of many marks") { [(Inputs.marks(upTo: $0), "a")] },
            recordedAnswer.worst("values of many marks") { [("code", Inputs.marks(upTo: $0))] },
        ]
        + [
            readRecord.worst("many parts") { count in
                record(of: Inputs.pieces(upTo: count, separator: ",") { #"["claim","c\#($0)",""]"# })
            },
            readRecord.worst("marks") { record(of: "[\"claim\",\"\(Inputs.marks(upTo: $0))\",\"a\"]") },
            readRecord.worst("roles of many marks") { record(of: "[\"\(Inputs.marks(upTo: $0))\",\"a\",\"a\"]") },
        ]

    private static let recordedAnswer = ForeignInput<[(name: String, value: String)]>(
        "the record of an authorization response", limit: FormParameters.maximumByteCount
    ) {
        [("code", Inputs.repeated("a", upTo: $0))]
    } reader: { parameters in
        let recorder = LoginRecorder(now: { Date(timeIntervalSince1970: 1_800_000_000) })
        recorder.addAnswer(parameters, mode: .query)
        _ = recorder.record
    }

    /// A record as it is kept.
    private static func record(of parts: String) -> [UInt8] {
        Array(#"{"at":1800000000000,"steps":[{"kind":"idToken","at":0,"parts":[\#(parts)]}]}"#.utf8)
    }

    private static let readRecord = ForeignInput<[UInt8]>("a record that was kept", limit: LoginRecord.maximumByteCount)
    {
        count in
        record(of: Inputs.pieces(upTo: count, separator: ",") { #"["claim","claim \#($0)","a value of some length"]"# })
    } reader: { bytes in
        _ = LoginRecord(json: try JSONObject(parsing: bytes))
    }

    private static let recordedClaims = ForeignInput<JSONObject>("the record of a login", limit: bodyLimit) {
        try Inputs.object(Inputs.claims(upTo: $0))
    } reader: {
        record($0)
    }

    private static let errorText = ForeignInput<String>("a text for an error", limit: bodyLimit) {
        Inputs.repeated("word ", upTo: $0)
    } reader: { text in
        _ = excerpt(text)
        _ = masked(text)
        _ = OpenIDError(.status, expected: text, actual: text, remedy: "")
    }
}
