import JOSE
import MisbehavingProvider

extension Row {
    /// Metadata that are JSON, and must not be used.
    static let metadata = issuers + endpoints + members

    private static let issuers = [
        refuse("issuer a byte longer", .metadata("issuer", appending: "x"), "metadata.issuer"),
        refuse("issuer with two slashes at its end", .metadata("issuer", appending: "//"), "metadata.issuer"),
        refuse("issuer with a query", .metadata("issuer", appending: "?x=1"), "metadata.issuer"),
        refuse("issuer with a fragment", .metadata("issuer", appending: "#x"), "metadata.issuer"),
        refuse("issuer with a zero byte", .metadata("issuer", appending: "\u{0}"), "metadata.issuer"),
        refuse(
            "issuer a byte shorter",
            .metadata { metadata, situation in metadata["issuer"] = .string(String(situation.issuer.dropLast())) },
            "metadata.issuer"),
        refuse(
            "issuer in another case",
            .metadata { metadata, situation in metadata["issuer"] = .string("HTTP" + situation.issuer.dropFirst(4)) },
            "metadata.issuer"),
        refuse(
            "issuer is the other server",
            .metadata { metadata, situation in metadata["issuer"] = .string(situation.elsewhere) }, "metadata.issuer"),
        refuse("issuer empty", .metadata("issuer", ""), "metadata.issuer"),
        refuse("issuer missing", .metadata("issuer", nil), "metadata.form"),
        refuse("issuer is a number", .metadata("issuer", 1), "metadata.form"),
        refuse(
            "issuer in an array", .metadata { metadata, situation in metadata["issuer"] = [.string(situation.issuer)] },
            "metadata.form"),
    ]

    private static let needed = ["authorization_endpoint", "token_endpoint", "jwks_uri"]

    private static let endpoints =
        needed.flatMap { name in
            addresses.map { address in
                refuse("\(name): \(address.name)", .metadata(name, .string(address.url)), "metadata.form")
            } + [
                refuse("\(name) missing", .metadata(name, nil), "metadata.form"),
                refuse("\(name) null", .metadata(name, .null), "metadata.form"),
                refuse("\(name) is a number", .metadata(name, 1), "metadata.form"),
            ]
        }
        // No login hangs on these: such an address is never used, and a login does without.
        + ["userinfo_endpoint", "end_session_endpoint", "check_session_iframe"].flatMap { name in
            (addresses.map { ($0.name, JSONValue.string($0.url)) } + [("a number", 1)]).map { what, value in
                let row = accept("\(name): \(what)", .metadata(name, value))
                return name == "userinfo_endpoint" ? row.asking([.discovery, .authorize, .token, .keys]) : row
            }
        }

    private static let addresses = [
        (name: "plain http out in the world", url: "http://provider.example/path"),
        (name: "http of a name that begins like this machine", url: "http://localhost.provider.example/path"),
        (name: "user information", url: "http://user:word@127.0.0.1/path"),
        (name: "user information that looks like a host", url: "https://provider.example@127.0.0.1/path"),
        (name: "CR and LF", url: "http://127.0.0.1/path\r\nX-Injected: 1"),
        (name: "a space", url: "http://127.0.0.1/a path"),
        (name: "a backslash", url: "http://127.0.0.1\\@provider.example/"),
        (name: "a fragment", url: "http://127.0.0.1/path#fragment"),
        (name: "a file", url: "file:///etc/passwd"),
        (name: "a script", url: "javascript:alert(1)"),
        (name: "no scheme", url: "/path"),
        (name: "no host", url: "https:///path"),
        (name: "a port that is none", url: "http://127.0.0.1:99999/path"),
        (name: "empty", url: ""),
    ]

    private static let members = [
        refuse(
            "no code flow", .metadata("response_types_supported", ["id_token", "token id_token"]), "metadata.supported"),
        refuse("only HS256 offered, none configured", .offering(["HS256"]), "metadata.supported"),
        refuse("only none offered", .offering(["none"]), "metadata.supported"),
        refuse(
            "only an authentication method that is not here",
            .metadata("token_endpoint_auth_methods_supported", ["tls_client_auth"]), "metadata.supported"),
        refuse(
            "the promise of iss is a number", .metadata("authorization_response_iss_parameter_supported", 1),
            "metadata.form"),
        refuse(
            "the promise of iss is a string, and none comes",
            .metadata("authorization_response_iss_parameter_supported", "true") + .response("iss", nil),
            "authorizationResponse.iss"),
    ]
}
