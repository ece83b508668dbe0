import ByteText
public import JOSE

/// What a provider says of itself (OIDC Discovery §3), read and checked: the issuer is the one that was asked for, and
/// the endpoints that a login needs are there.
public struct ProviderMetadata: Sendable, Hashable {
    /// `issuer`; where that is a template (``entraIssuers``), the issuer that the address of the metadata stands for.
    public let issuer: Issuer
    /// The issuers of ID Tokens, where they are many.
    public let entraIssuers: EntraIssuers?
    /// `authorization_endpoint`.
    public internal(set) var authorizationEndpoint: EndpointURL
    /// `token_endpoint`.
    public internal(set) var tokenEndpoint: EndpointURL
    /// `jwks_uri`.
    public internal(set) var jwksURI: EndpointURL
    /// `userinfo_endpoint`.
    public internal(set) var userInfoEndpoint: EndpointURL?
    /// `end_session_endpoint` (RP-Initiated Logout §2.1).
    public internal(set) var endSessionEndpoint: EndpointURL?
    /// `check_session_iframe` (Session Management §3.3).
    public let checkSessionIframe: EndpointURL?
    /// `backchannel_logout_supported` (Back-Channel Logout §2.1).
    public let backchannelLogoutSupported: Bool
    /// `backchannel_logout_session_supported`: logout tokens can carry `sid` (Back-Channel Logout §2.1).
    public let backchannelLogoutSessionSupported: Bool
    /// `frontchannel_logout_supported` (Front-Channel Logout §3).
    public let frontchannelLogoutSupported: Bool
    /// `frontchannel_logout_session_supported`: front-channel logouts can carry `iss` and `sid` (Front-Channel Logout §3).
    public let frontchannelLogoutSessionSupported: Bool
    /// `scopes_supported`; `nil` where the provider does not say.
    public let scopesSupported: [String]?
    /// `response_types_supported`; `nil` where the provider does not say.
    public let responseTypesSupported: [String]?
    /// `id_token_signing_alg_values_supported`; `nil` where the provider does not say.
    public let idTokenSigningAlgorithmsSupported: [String]?
    /// `token_endpoint_auth_methods_supported`; `nil` where the provider does not say, which means `client_secret_basic`.
    public let tokenEndpointAuthMethodsSupported: [String]?
    /// `token_endpoint_auth_signing_alg_values_supported`; `nil` where the provider does not say.
    public let tokenEndpointAuthSigningAlgorithmsSupported: [String]?
    /// `code_challenge_methods_supported` (RFC 8414 §2); `nil` where the provider does not say.
    public let codeChallengeMethodsSupported: [String]?
    /// `authorization_response_iss_parameter_supported` (RFC 9207 §3).
    public let authorizationResponseIssSupported: Bool
    /// Members that are malformed, and that no login hangs on: what they stand for is not used.
    public let leftOut: [LeftOutMember]
    /// The whole document.
    public let document: JSONObject

    /// Reads a metadata document and compares its issuer, byte for byte, with those that it may have, or with the template of
    /// `entraIssuers`. What a login hangs on has to be right: the issuer, the three endpoints that it needs, and whether
    /// answers carry `iss`. Anything else that is malformed is left out and told in ``leftOut``.
    ///
    /// Throws ``OpenIDError`` `.metadata` where the document is malformed, `.metadataIssuer` where the issuer is none of
    /// `allowed` (OIDC Discovery §4.3), `.unsupported` where the provider has no code flow.
    public init(
        parsing bytes: [UInt8], issuedBy allowed: [Issuer], plainHTTP: EndpointURL.PlainHTTP = .onLoopback,
        entraIssuers: EntraIssuers? = nil
    ) throws(OpenIDError) {
        let document: JSONObject
        do {
            document = try JSONObject(parsing: bytes)
        } catch {
            throw OpenIDError(
                .metadata, expected: "a JSON object of provider metadata", actual: "\(error)",
                remedy:
                    "Check that SERVER_METADATA_URL is the provider's openid-configuration and not a page or a proxy's error."
            )
        }
        var reader = MetadataReader(document: document, plainHTTP: plainHTTP)
        let issuerText = try reader.requiredString("issuer")
        let isTemplate = entraIssuers.map { $0.template.isExactly(issuerText) } ?? false
        let expected = (allowed.map(\.string) + [entraIssuers?.template].compactMap { $0 }).joined(separator: " or ")
        guard let issuer = allowed.first(where: { isTemplate || $0.string.isExactly(issuerText) }) else {
            throw OpenIDError(
                .metadataIssuer, expected: expected, actual: issuerText,
                remedy:
                    "Set SERVER_METADATA_URL to the address under which the provider knows itself, to the byte, or ISSUER to the issuer that its metadata name."
            )
        }
        self.issuer = issuer
        self.entraIssuers = isTemplate ? entraIssuers : nil
        // A provider out in the world has no business at this machine's own ports.
        if issuer.url.scheme == .https, plainHTTP == .onLoopback { reader.plainHTTP = .nowhere }
        authorizationEndpoint = try reader.requiredURL("authorization_endpoint")
        tokenEndpoint = try reader.requiredURL("token_endpoint")
        jwksURI = try reader.requiredURL("jwks_uri")
        userInfoEndpoint = reader.url("userinfo_endpoint")
        endSessionEndpoint = reader.url("end_session_endpoint")
        checkSessionIframe = reader.url("check_session_iframe")
        backchannelLogoutSupported = reader.flag("backchannel_logout_supported")
        backchannelLogoutSessionSupported = reader.flag("backchannel_logout_session_supported")
        frontchannelLogoutSupported = reader.flag("frontchannel_logout_supported")
        frontchannelLogoutSessionSupported = reader.flag("frontchannel_logout_session_supported")
        scopesSupported = reader.strings("scopes_supported")
        responseTypesSupported = reader.strings("response_types_supported")
        idTokenSigningAlgorithmsSupported = reader.strings("id_token_signing_alg_values_supported")
        tokenEndpointAuthMethodsSupported = reader.strings("token_endpoint_auth_methods_supported")
        tokenEndpointAuthSigningAlgorithmsSupported = reader.strings(
            "token_endpoint_auth_signing_alg_values_supported")
        codeChallengeMethodsSupported = reader.strings("code_challenge_methods_supported")
        authorizationResponseIssSupported = try reader.requiredFlag("authorization_response_iss_parameter_supported")
        leftOut = reader.leftOut
        self.document = document
        if let types = responseTypesSupported, !types.containsExactly("code") {
            throw OpenIDError(
                .unsupported, expected: "response_types_supported with code",
                actual: types.joined(separator: ", "), remedy: "Enable the authorization code flow at the provider.")
        }
    }
}

/// Reads members by type. Of those that a login hangs on, one of the wrong type is an error; any other is left out.
private struct MetadataReader {
    let document: JSONObject
    var plainHTTP: EndpointURL.PlainHTTP
    private(set) var leftOut: [LeftOutMember] = []

    init(document: JSONObject, plainHTTP: EndpointURL.PlainHTTP) {
        self.document = document
        self.plainHTTP = plainHTTP
    }

    func wrong(_ name: String, expected: String, actual: String) -> OpenIDError {
        OpenIDError(
            .metadata, expected: "\(name): \(expected)", actual: actual,
            remedy:
                "The provider's metadata is not usable: check SERVER_METADATA_URL; else its operator has to mend it.")
    }

    func requiredString(_ name: String) throws(OpenIDError) -> String {
        guard let value = document[name] else { throw wrong(name, expected: "a string", actual: "nothing") }
        guard let text = value.string else { throw wrong(name, expected: "a string", actual: value.text) }
        return text
    }

    private static let url =
        "an https URL without user information and fragment (http for a provider on loopback only)"

    func requiredURL(_ name: String) throws(OpenIDError) -> EndpointURL {
        let text = try requiredString(name)
        guard let url = EndpointURL(text, plainHTTP: plainHTTP) else {
            throw wrong(name, expected: Self.url, actual: text)
        }
        return url
    }

    /// Whether answers carry `iss` keeps providers from being mixed up (RFC 9207): it must not be overlooked.
    func requiredFlag(_ name: String) throws(OpenIDError) -> Bool {
        guard let value = document[name] else { return false }
        guard let flag = Self.truth(value) else { throw wrong(name, expected: "true or false", actual: value.text) }
        return flag
    }

    mutating func url(_ name: String) -> EndpointURL? {
        read(name, expected: Self.url) { [plainHTTP] in
            $0.string.flatMap { EndpointURL($0, plainHTTP: plainHTTP) }
        }
    }

    /// `nil` for an empty list too: a provider that has nothing to list leaves the member out (RFC 8414 §3.2).
    mutating func strings(_ name: String) -> [String]? {
        let strings = read(name, expected: "an array of strings") { value -> [String]? in
            guard let array = value.array else { return nil }
            let strings = array.compactMap(\.string)
            return strings.isEmpty && !array.isEmpty ? nil : strings
        }
        return strings.flatMap { $0.isEmpty ? nil : $0 }
    }

    mutating func flag(_ name: String) -> Bool { read(name, expected: "true or false", Self.truth) ?? false }

    /// Some providers write the words as strings.
    private static func truth(_ value: JSONValue) -> Bool? {
        value.bool ?? value.string.flatMap { ["true": true, "false": false][$0.asciiLowercased] }
    }

    private mutating func read<Value>(
        _ name: String, expected: String, _ read: (JSONValue) -> Value?
    ) -> Value? {
        guard let value = document[name] else { return nil }
        if let value = read(value) { return value }
        leftOut.append(LeftOutMember(name, expected: expected, actual: value.string ?? value.text))
        return nil
    }
}
