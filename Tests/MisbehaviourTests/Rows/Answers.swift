import JOSE
import MisbehavingProvider

extension Row {
    /// Authorization responses, as the browser brings them.
    static let responses = [
        refuse("state missing", .response("state", nil), "authorizationResponse.form"),
        refuse("state empty", .response("state", ""), "authorizationResponse.state"),
        refuse(
            "state of nobody", .response("state", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"),
            "authorizationResponse.state"),
        refuse("state of another form", .response("state", "../x y"), "authorizationResponse.state"),
        refuse(
            "state twice", .response(adding: "state", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"),
            "authorizationResponse.form"),
        refuse("code twice", .response(adding: "code", "another"), "authorizationResponse.form"),
        refuse("iss twice", .response(adding: "iss", "https://provider.example"), "authorizationResponse.form"),
        refuse(
            "error twice",
            .response("code", nil) + .response(adding: "error", "access_denied")
                + .response(adding: "error", "server_error"), "authorizationResponse.form"),
        refuse("code and error", .response(adding: "error", "access_denied"), "authorizationResponse.form"),
        refuse("neither code nor error", .response("code", nil), "authorizationResponse.form"),
        refuse("code empty", .response("code", ""), "authorizationResponse.form"),
        refuse("code with a line break", .response("code", "a\r\nb"), "authorizationResponse.form"),
        refuse("code beyond ASCII", .response("code", "cödé"), "authorizationResponse.form"),
        refuse(
            "code of 6,000 characters", .response("code", String(repeating: "c", count: 6000)),
            "authorizationResponse.form"),
        refuse(
            "the whole answer as a JWT",
            .response("code", nil) + .response("state", nil) + .response("response", "e30.e30.AA"),
            "authorizationResponse.form"),
        refuse("iss missing where it is promised", .response("iss", nil), "authorizationResponse.iss"),
        refuse("iss of another provider", .response("iss", "https://provider.example"), "authorizationResponse.iss"),
        refuse("iss with a slash at its end (response)", .responseIssuer { $0 + "/" }, "authorizationResponse.iss"),
        refuse(
            "iss of another provider, where none is promised",
            .silentOnIssuer + .response("iss", "https://provider.example"), "authorizationResponse.iss"),
        refuse("iss empty", .response("iss", ""), "authorizationResponse.iss"),
        refuse(
            "error of another provider", .error("access_denied") + .response("iss", "https://provider.example"),
            "authorizationResponse.iss"),
        refuse("the user said no", .error("access_denied"), "authorizationResponse.error.access_denied"),
        refuse("login_required", .error("login_required"), "authorizationResponse.error.login_required"),
        refuse("server_error", .error("server_error"), "authorizationResponse.error.server_error"),
        refuse("an error that nobody knows", .error("volcano"), "authorizationResponse.error.volcano"),
        refuse(
            "an error with hostile words",
            .error("access_denied") + .response("error_description", "<script>alert(1)</script>\r\nX: y"),
            "authorizationResponse.error.access_denied"),
        refuse("an error that is hostile itself", .error("<script>alert(1)</script>\""), "authorizationResponse.form"),
        refuse("error empty", .error(""), "authorizationResponse.form"),
        refuse(
            "Keycloak's login page was open for too long",
            .error("temporarily_unavailable") + .response("error_description", "authentication_expired"),
            "authorizationResponse.error.temporarily_unavailable"),
        refuse(
            "an error that is described twice",
            .error("access_denied") + .response(adding: "error_description", "a")
                + .response(adding: "error_description", "b"), "authorizationResponse.error.access_denied"),
    ]

    /// Answers of the token endpoint.
    static let tokenAnswers =
        [
            refuse("token_type mac", .tokens("token_type", "mac"), "tokenResponse.form"),
            refuse("token_type DPoP", .tokens("token_type", "DPoP"), "tokenResponse.form"),
            refuse("access_token missing", .tokens("access_token", nil), "tokenResponse.form"),
            refuse("access_token empty", .tokens("access_token", ""), "tokenResponse.form"),
            refuse("access_token is a number", .tokens("access_token", 1), "tokenResponse.form"),
            refuse(
                "access_token with a line break", .tokens("access_token", "a\r\nX-Injected: 1"), "tokenResponse.form"),
            refuse("id_token missing", .tokens("id_token", nil), "idToken.present"),
            refuse("id_token null", .tokens("id_token", .null), "idToken.present"),
            refuse("id_token is an object", .tokens("id_token", [:]), "tokenResponse.form"),
            refuse("access_token null", .tokens("access_token", .null), "tokenResponse.form"),
            refuse("id_token empty", .tokens("id_token", ""), "idToken.present"),
            refuse(
                "an error with status 200", .status(200, at: .token, ["error": "invalid_grant"]),
                "tokenResponse.error.invalid_grant"),
            refuse("tokens with status 400", at: .token, .status(400, at: .token), "provider.status"),
            refuse(
                "invalid_grant", .status(400, at: .token, ["error": "invalid_grant"]),
                "tokenResponse.error.invalid_grant"),
            refuse(
                "invalid_client", .status(401, at: .token, ["error": "invalid_client"]),
                "tokenResponse.error.invalid_client"),
            refuse(
                "unauthorized_client", .status(400, at: .token, ["error": "unauthorized_client"]),
                "tokenResponse.error.unauthorized_client"),
            refuse("an error that repeats what was sent", .repeatingSecrets, "tokenResponse.error.invalid_grant"),
            refuse(
                "an error with hostile words (token)",
                .status(
                    400, at: .token,
                    ["error": "invalid_grant", "error_description": "<script>alert(1)</script>\u{1B}[2J\n"]),
                "tokenResponse.error.invalid_grant"),
            refuse(
                "an error that is an object", at: .token, .status(400, at: .token, ["error": [:]]), "provider.status"),
        ]
        + [400, 401, 403, 404, 429, 500, 502, 503].map { status in
            refuse(
                "token endpoint: status \(status) and a page", at: .token, .wire(.token, .status(status)),
                "provider.status")
        }
        + [301, 302, 303, 307, 308].map { status in
            refuse("token endpoint: a redirect \(status)", at: .token, .redirect(status, at: .token), "provider.status")
        }

    /// Answers of the UserInfo endpoint, and of those that serve documents.
    static let otherAnswers =
        [
            refuse("user info without sub", .userInfo("sub", nil), "userInfo.subject"),
            refuse("user info of somebody else", .userInfo("sub", "another-subject"), "userInfo.subject"),
            refuse("user info, sub in another case", .userInfo("sub", "Subject-Of-The-Wire"), "userInfo.subject"),
            refuse("user info, sub with a space", .userInfo("sub", "subject-of-the-wire "), "userInfo.subject"),
            refuse("user info, sub is null", .userInfo("sub", .null), "userInfo.subject"),
            refuse("user info, sub in an array", .userInfo("sub", ["subject-of-the-wire"]), "userInfo.subject"),
            refuse("user info, sub empty", .userInfo("sub", ""), "userInfo.subject"),
            refuse(
                "user info, sub twice",
                .body(.userInfo) { Array("{\"sub\":\"subject-of-the-wire\",".utf8) + $0.dropFirst() }, "userInfo.form"),
        ]
        + [301, 302, 307, 308, 401, 403, 404, 500, 503].map { status in
            refuse("UserInfo endpoint: status \(status)", .redirect(status, at: .userInfo), "userInfo.error")
        }
        + [Endpoint.discovery, .keys].flatMap { endpoint in
            [301, 302, 307, 308, 400, 404, 500, 503].map { status in
                refuse(
                    "\(endpoint.rawValue): status \(status)", at: endpoint, .redirect(status, at: endpoint),
                    "provider.status")
            }
        }
}
