import HTTPMessages

/// The request that is being answered, as logs and failure pages name it.
struct CurrentRequest: Sendable, CustomReflectable {
    /// Set while a request is answered, so that whatever happens in it carries its number.
    @TaskLocal static var value: CurrentRequest?

    /// The request's number: 12 characters of its own, or what a trusted proxy calls it.
    let id: String
    private let request: HTTPRequest
    private let proxies: TrustedProxies

    /// The number alone: in the request are cookies and codes.
    var customMirror: Mirror { Mirror(self, children: ["id": id]) }

    /// Where the request comes from.
    var client: String { request.clientAddress(trusting: proxies) }

    init(_ request: HTTPRequest, trusting proxies: TrustedProxies, number: UInt64) {
        self.request = request
        self.proxies = proxies
        id = Self.given(request, trusting: proxies) ?? Self.text(of: number)
    }

    /// What `X-Request-Id` says, where a trusted proxy hands it over and it is 8 to 64 letters, digits, `-` and `_`.
    private static func given(_ request: HTTPRequest, trusting proxies: TrustedProxies) -> String? {
        guard let id = request.fields[.xRequestID], let peer = IPAddress(request.peerAddress), proxies.contains(peer),
            (8...64).contains(id.utf8.count),
            id.utf8.allSatisfy({ byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
                    true
                default: false
                }
            })
        else { return nil }
        return id
    }

    /// Digits and letters that are not taken for each other when somebody reads them out.
    private static let alphabet = Array("23456789abcdefghijkmnpqrstuvwxyz".utf8)

    /// 12 characters of 31 are a little less than 64 bits.
    private static func text(of number: UInt64) -> String {
        var rest = number
        let alphabet = alphabet
        return String(unsafeUninitializedCapacity: 12) { text in
            for index in 0..<12 {
                text[index] = alphabet[Int(rest % UInt64(alphabet.count))]
                rest /= UInt64(alphabet.count)
            }
            return 12
        }
    }
}
