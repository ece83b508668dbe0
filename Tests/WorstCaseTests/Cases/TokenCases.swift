import ByteText
import FoundationEssentials
import HTTPMessages

@testable import JOSE
@testable import OpenIDConnect

/// Tokens, and what the token endpoint and others send.
enum TokenCases {
    private static let bodyLimit = TransportRequest.Limits().bodyBytes

    static let all: [WorstCase] = compact + lists + callback

    private static func compactToken(header: String = #"{"alg":"ES256"}"#, payload: String) -> String {
        [Array(header.utf8), Array(payload.utf8), [UInt8](repeating: 1, count: 64)].map { Base64URL.encode($0) }
            .joined(separator: ".")
    }

    private static let compact: [WorstCase] =
        [
            unverified.worst("dots") { Inputs.repeated(".", upTo: $0) },
            unverified.worst("a header as long as the token") { count in
                let members = Inputs.pieces(upTo: count * 3 / 4 - 140, separator: ",") {
                    "\"\(String($0, radix: 36))\":0"
                }
                return compactToken(header: #"{"alg":"ES256",\#(members)}"#, payload: "{}")
            },
            unverified.worst("an algorithm of many marks") { count in
                compactToken(
                    header: #"{"alg":"\#(Inputs.marks(upTo: count * 3 / 4 - 140))"}"#, payload: "{}")
            },
            unverified.worst("names that are equivalent to String") { count in
                let members = Inputs.pieces(upTo: count * 3 / 4 - 140, separator: ",") {
                    "\"\(Inputs.equivalent($0))\":0"
                }
                return compactToken(payload: "{\(members)}")
            },
            unverified.worst("nested arrays") { count in
                let nested = String(repeating: "[", count: 30) + String(repeating: "]", count: 30) + ","
                return compactToken(
                    payload: "{\"a\":[\(Inputs.repeated(nested, upTo: count * 3 / 4 - 200))0]}")
            },
        ]

    private static func answer(_ member: String) -> TransportResponse {
        TransportResponse(
            status: 200, fields: [],
            body: Array(#"{"access_token":"a","token_type":"Bearer","id_token":"x",\#(member)}"#.utf8))
    }

    private static let lists: [WorstCase] =
        [
            tokenResponse.worst("scopes") { count in
                let scopes = Inputs.pieces(upTo: count - 80, separator: " ") { String($0, radix: 36) }
                return answer("\"scope\":\"\(scopes)\"")
            },
            tokenResponse.worst("one scope again and again") {
                answer("\"scope\":\"\(Inputs.repeated("a ", upTo: $0 - 80))\"")
            },
            tokenResponse.worst("a scope of many marks") { answer("\"scope\":\"\(Inputs.marks(upTo: $0 - 80))\"") },
            tokenResponse.worst("a long expires_in") {
                answer("\"expires_in\":\(Inputs.repeated("1", upTo: $0 - 80))")
            },
            tokenResponse.worst("a token_type of many marks") { count in
                let type = Inputs.marks(upTo: count - 80)
                return TransportResponse(
                    status: 200, fields: [], body: Array(#"{"access_token":"a","token_type":"\#(type)"}"#.utf8))
            },
        ]
        + [
            errorResponse.worst("a description that is almost the secret, again and again") { count in
                let almost = String(repeating: "a", count: 2047) + "b"
                return TransportResponse(
                    status: 400, fields: [],
                    body: Array(
                        #"{"error":"invalid_grant","error_description":"\#(Inputs.repeated(almost, upTo: count - 60))"}"#
                            .utf8))
            },
            errorResponse.worst("a description of the secret") { count in
                let secret = String(repeating: "a", count: 4096)
                return TransportResponse(
                    status: 400, fields: [],
                    body: Array(
                        #"{"error":"invalid_grant","error_description":"\#(Inputs.repeated(secret, upTo: count - 60))"}"#
                            .utf8))
            },
        ]
        + [
            providerMetadata.worst("scopes_supported") { count in
                let names = Inputs.pieces(upTo: count - 300, separator: ",") { "\"\(String($0, radix: 36))\"" }
                return metadata("\"scopes_supported\":[\(names)]")
            },
            providerMetadata.worst("algorithms") { count in
                let names = Inputs.repeated("\"RS25\",", upTo: count - 320)
                return metadata("\"id_token_signing_alg_values_supported\":[\(names)\"ES256\"]")
            },
            providerMetadata.worst("algorithms of many marks") { count in
                let name = Inputs.marks(upTo: count - 320)
                return metadata("\"id_token_signing_alg_values_supported\":[\"\(name)\",\"ES256\"]")
            },
            providerMetadata.worst("claims_supported of many marks") { count in
                metadata("\"claims_supported\":[\"\(Inputs.marks(upTo: count - 320))\"]")
            },
            providerMetadata.worst("response_types_supported of many marks") { count in
                metadata("\"response_types_supported\":[\"\(Inputs.marks(upTo: count - 320))\",\"code\"]")
            },
            providerMetadata.worst("methods of authentication") { count in
                let names = Inputs.repeated("\"client_secret_bas\",", upTo: count - 320)
                return metadata(
                    "\"token_endpoint_auth_methods_supported\":[\(names)\"client_secret_post\"]")
            },
        ]

    private static func metadata(_ member: String) -> [UInt8] {
        Array(
            """
            {"issuer":"https://op.example","authorization_endpoint":"https://op.example/oauth/authorize",
            "token_endpoint":"https://op.example/token","jwks_uri":"https://op.example/keys",\(member)}
            """.utf8)
    }

    /// The parameters of a callback: as many as a form may have, of its greatest length.
    private static let callback: [WorstCase] =
        [
            authorizationResponse.worst("a code of many marks") { count in
                "state=\(String(repeating: "A", count: 43))&code=a\(Inputs.repeated("%CC%81%CC%A7", upTo: count - 64))"
            },
            authorizationResponse.worst("a name of many marks") { count in
                "state=\(String(repeating: "A", count: 43))&\(Inputs.repeated("%CC%81%CC%A7", upTo: count - 64))=a"
            },
            authorizationResponse.worst("an error_description of many marks") { count in
                "error=a&error_description=a\(Inputs.repeated("%CC%81%CC%A7", upTo: count - 80))"
                    + "&state=\(String(repeating: "A", count: 43))"
            },
        ]

    private static let unverified = ForeignInput<String>("a token nobody has verified", limit: maximumTokenSize) {
        compactToken(payload: Inputs.claims(upTo: $0 * 3 / 4 - 120))
    } reader: {
        _ = LogoutToken.unverifiedIssuer(of: $0)
    }

    private static let tokenResponse = ForeignInput<TransportResponse>("a token response", limit: bodyLimit) { count in
        answer(#""scope":"openid profile email","more":\#(Inputs.claims(upTo: count - 120))"#)
    } reader: {
        _ = try TokenResponse($0, hiding: ["secret-of-a-client"])
    }

    private static let errorResponse = ForeignInput<TransportResponse>(
        "an error of the token endpoint", limit: bodyLimit
    ) { count in
        TransportResponse(
            status: 400, fields: [],
            body: Array(
                #"{"error":"invalid_grant","error_description":"\#(Inputs.repeated("word ", upTo: count - 60))"}"#
                    .utf8))
    } reader: {
        _ = try TokenResponse($0, hiding: [String(repeating: "a", count: 4096), "secret"])
    }

    private static let providerMetadata = ForeignInput<[UInt8]>("provider metadata", limit: bodyLimit) {
        metadata("\"scopes_supported\":[\"openid\"],\"more\":\(Inputs.claims(upTo: $0 - 300))")
    } reader: { bytes in
        guard let issuer = Issuer("https://op.example"), let id = ClientID("client"),
            let redirect = RedirectURI("https://rp.example/login/authorize")
        else { return }
        let metadata = try ProviderMetadata(parsing: bytes, issuedBy: [issuer])
        let registration = ClientRegistration(
            clientID: id, clientSecret: ClientSecret("secret"), redirectURI: redirect)
        _ = try registration.allowedAlgorithms(metadata)
        _ = try registration.authenticationMethod(at: metadata)
        _ = ProviderKind(metadata: metadata)
        _ = metadata.scopesSupported?.containsExactly(Scope.roles.string)
    }

    private static let authorizationResponse = ForeignInput<String>(
        "an authorization response", limit: FormParameters.maximumByteCount
    ) { count in
        "code=c&state=\(String(repeating: "A", count: 43))&more=\(Inputs.repeated("x", upTo: count - 64))"
    } reader: { text in
        let parameters = try FormParameters(parsing: text).parameters.map { ($0.name, $0.value) }
        _ = try AuthorizationResponse(parameters: parameters)
    }
}
