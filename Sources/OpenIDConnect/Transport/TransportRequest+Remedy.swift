import ByteText

extension TransportRequest.Purpose {
    /// The setting that has the endpoint's address.
    var setting: String {
        switch self {
        case .metadata: "SERVER_METADATA_URL"
        case .keys: "JWKS_URI"
        case .token: "TOKEN_ENDPOINT"
        case .userInfo: "USERINFO_ENDPOINT"
        }
    }

    /// What to do when the endpoint answers with a status that is none of success.
    func remedy(forStatus status: Int) -> String {
        switch status {
        case 300..<400:
            "Redirects are not followed: set \(setting) to the address that it leads to, if that is the provider's."
        case 401, 403:
            switch self {
            case .token:
                "The provider does not accept the client: check CLIENT_ID, CLIENT_SECRET and TOKEN_ENDPOINT_AUTH_METHOD."
            case .userInfo:
                "The provider does not accept the access token there: check SCOPE, try USERINFO=form, or set USERINFO=off."
            case .metadata, .keys:
                "Something refuses this machine: check \(setting), and what stands between here and the provider."
            }
        case 404, 405, 410: "There is no \(words) at that address: check \(setting)."
        case 429: "The provider has had too many requests from this machine: try again later."
        case 500...: "The provider, or a proxy before it, is in trouble: try again later, and see its log."
        default: "Check \(setting), and see the provider's log."
        }
    }
}

extension TransportResponse {
    /// Whether the status says that what was asked for is in the body. A redirect is not followed.
    var hasDocument: Bool { [200, 201, 203].contains(status) }

    /// The body without the byte order mark that some servers put in front of JSON, and that may be ignored (RFC 8259 §8.1).
    var document: [UInt8] { body.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(body.dropFirst(3)) : body }

    /// Where a redirect leads, without its query.
    var redirectTarget: String? {
        guard (300..<400).contains(status) else { return nil }
        return values("Location").first.map { String($0.utf8.prefix(before: "?", "#")) }
    }

    /// Whether the body is a page, whatever it is called.
    var isPage: Bool {
        let type = values("Content-Type").first?.asciiLowercased ?? ""
        return type.utf8.hasPrefix("text/html") || body.first { $0 > 0x20 } == UInt8(ascii: "<")
    }

    /// What the body is, where it is not what was asked for.
    var form: String {
        if body.isEmpty { return "nothing" }
        if isPage { return "a page (HTML)" }
        return "\(body.count) bytes of \(values("Content-Type").first ?? "no content type")"
    }
}
