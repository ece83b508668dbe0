import ByteText
import Cryptography
import HTTPMessages
import JOSE

/// How a client proved at the token endpoint who it is (RFC 6749 §2.3, OIDC Core §9).
enum ClientAuthentication {
    /// The client, if it authenticates by exactly one method and that is one it can use.
    static func client(
        of request: HTTPRequest, _ parameters: FormParameters, among clients: [String: DevelopmentClient]
    ) throws(TokenError) -> DevelopmentClient {
        if parameters["client_assertion"] != nil || parameters["client_assertion_type"] != nil {
            throw TokenError(.invalidClient, "client assertions are not supported")
        }
        let bodySecret = parameters["client_secret"]
        let id: String
        let secret: String?
        if request.fields.contains(.authorization) {
            guard bodySecret == nil else {
                throw TokenError(.invalidRequest, "the client authenticates by more than one method")
            }
            guard let field = request.fields[.authorization], let basic = basicCredentials(field) else {
                throw TokenError(
                    .invalidClient,
                    "the Authorization field is not Basic with form-urlencoded identifier and secret")
            }
            guard (parameters["client_id"] ?? basic.id).isExactly(basic.id) else {
                throw TokenError(.invalidRequest, "client_id is not the client that authenticates")
            }
            (id, secret) = (basic.id, basic.secret)
        } else {
            guard let bodyID = parameters["client_id"] else {
                throw TokenError(.invalidClient, "the client does not say who it is")
            }
            (id, secret) = (bodyID, bodySecret)
        }
        guard let client = clients[id] else { throw TokenError(.invalidClient, "the client is not registered") }
        switch (client.secret, secret) {
        case (nil, nil): return client
        case (let expected?, let sent?) where equalInConstantTime(Array(expected.utf8), Array(sent.utf8)):
            return client
        case (nil, _): throw TokenError(.invalidClient, "a public client has no secret to send")
        case (_, nil): throw TokenError(.invalidClient, "the client must authenticate with its secret")
        default: throw TokenError(.invalidClient, "the client secret is wrong")
        }
    }

    /// `client_secret_basic`: identifier and secret are form-urlencoded first (RFC 6749 §2.3.1, RFC 7617 §2).
    private static func basicCredentials(_ field: String) -> (id: String, secret: String)? {
        guard let encoded = credentials(field, scheme: "basic"), let bytes = base64Decoded(encoded),
            let text = String(validating: bytes, as: UTF8.self)
        else { return nil }
        guard let (before, after) = text.utf8.cut(at: ":"), let id = FormEncoding.decode(before),
            let secret = FormEncoding.decode(after)
        else { return nil }
        return (id, secret)
    }

    /// Base64 with its padding (RFC 4648 §4).
    private static func base64Decoded(_ text: Substring) -> [UInt8]? {
        guard text.utf8.count.isMultiple(of: 4), !text.utf8.contains(where: { $0 == 0x2D || $0 == 0x5F }) else {
            return nil
        }
        let padding = text.utf8.suffix(2).reversed().prefix { $0 == UInt8(ascii: "=") }.count
        let bytes = text.utf8.dropLast(padding).map { byte in
            switch byte {
            case UInt8(ascii: "+"): UInt8(ascii: "-")
            case UInt8(ascii: "/"): UInt8(ascii: "_")
            default: byte
            }
        }
        return try? Base64URL.decode(String(decoding: bytes, as: UTF8.self))
    }
}

/// What follows the scheme in an `Authorization` field (RFC 9110 §11.4); `nil` for another scheme.
func credentials(_ field: String, scheme: String) -> Substring? {
    guard let (name, value) = field.utf8.cut(at: " "), name.asciiLowercased.isExactly(scheme) else { return nil }
    return Substring(value.utf8.drop { $0 == UInt8(ascii: " ") })
}
