import FoundationEssentials
import HTTPMessages

@testable import JOSE
@testable import OIDCDemo
@testable import OpenIDConnect
@testable import WebLogin

/// Foreign text on its way into a page, a log or a text to post.
enum PageCases {
    private static let bodyLimit = TransportRequest.Limits().bodyBytes

    static let all: [WorstCase] =
        [
            pageText.worst("markup") { Inputs.repeated("<", upTo: $0) },
            pageText.worst("marks") { Inputs.marks(upTo: $0) },
            pageText.worst("unseen characters") { Inputs.repeated("\u{202E}", upTo: $0) },
            pageText.worst("lines") { Inputs.repeated("\n", upTo: $0) },
        ]
        + [
            claimsTable.worst("names that are equivalent to String") { count in
                let members = Inputs.pieces(upTo: min(count, 900_000), separator: ",") {
                    "\"\(Inputs.equivalent($0 % 40_320))\":0"
                }
                return try Inputs.object("{\(members)}")
            },
            claimsTable.worst("many short claims") { count in
                let members = Inputs.pieces(upTo: count - 2, separator: ",") {
                    "\"\(String($0, radix: 36))\":0"
                }
                return try Inputs.object("{\(members)}")
            },
            claimsTable.worst("a name of many marks") { try Inputs.object("{\"\(Inputs.marks(upTo: $0 - 12))\":1}") },
            claimsTable.worst("an object of many members") { count in
                let members = Inputs.pieces(upTo: count - 10, separator: ",") {
                    "\"\(String($0, radix: 36))\":0"
                }
                return try Inputs.object("{\"a\":{\(members)}}")
            },
            claimsTable.worst("nested lists") { count in
                let nested = String(repeating: "[", count: 29) + String(repeating: "]", count: 29) + ","
                return try Inputs.object("{\"a\":[\(Inputs.repeated(nested, upTo: count - 80))0]}")
            },
        ]
        + [
            browserName.worst("marks") { Inputs.marks(upTo: $0) },
            browserName.worst("almost a name") { Inputs.repeated("SamsungBrowse", upTo: $0) },
        ]
        + [
            logText.worst("quotation marks") { Inputs.repeated("\"\u{301}", upTo: $0) },
            logText.worst("marks") { Inputs.marks(upTo: $0) },
        ]

    private static let pageText = ForeignInput<String>("foreign text in a page", limit: bodyLimit) {
        Inputs.repeated("word ", upTo: $0)
    } reader: { text in
        let short: HTML = "<p>\(.foreign(text))</p>"
        let long: HTML = "<p>\(.foreign(text, limit: 500)) \(text)</p>"
        _ = (short.bytes.count, long.bytes.count, htmlEscaped(text), Initials.of(text))
    }

    private static let claimsTable = ForeignInput<JSONObject>("the table of claims", limit: bodyLimit) {
        try Inputs.object(Inputs.claims(upTo: $0))
    } reader: {
        _ = ClaimsTable.html($0).bytes.count
    }

    private static let browserName = ForeignInput<String>("the name of a browser", limit: 24 << 10) {
        Inputs.repeated("Mozilla/5.0 (X11) Firefox/1 ", upTo: $0)
    } reader: {
        _ = BrowserName.of(excerpt($0))
    }

    private static let logText = ForeignInput<String>("a line of the log", limit: bodyLimit) {
        Inputs.repeated("word ", upTo: $0)
    } reader: { text in
        for format in [LineLog.Format.text, .json] {
            LineLog(format, now: { Date(timeIntervalSince1970: 0) }, sink: { _ in }).write(
                LogEntry(.loginFailed, ["came": text, "expected": text]))
        }
    }
}
