import HTTPMessages
import Synchronization

extension MisbehavingProvider {
    /// `GET /authorize`: back at once, with a code.
    func authorize(_ request: ReceivedRequest) throws -> Reply {
        let parameters = try request.parameters()
        let code = begin(parameters)
        var response = [
            Parameter(name: "code", value: code), Parameter(name: "state", value: parameters["state"] ?? ""),
            Parameter(name: "iss", value: issuer),
        ]
        let situation = situation(code: code)
        for edit in misbehaviour.response { try edit(&response, situation) }
        if misbehaviour.postsAnswers ?? (parameters["response_mode"] == "form_post") { return form(response) }
        let query = response.map { percentEncoded($0.name) + "=" + percentEncoded($0.value) }.joined(separator: "&")
        return Reply(status: 303, fields: [("Location", client.redirectURI + "?" + query)])
    }

    /// Checks the request (OIDC Core §3.1.2.1), and makes a code for it.
    private func begin(_ parameters: FormParameters) -> String {
        state.withLock { record in
            let names = parameters.parameters.map(\.name)
            record.expect(Set(names).count == names.count, "authorize: a parameter comes twice")
            record.expect(parameters["response_type"] == "code", "authorize: response_type")
            record.expect(parameters["client_id"] == client.id, "authorize: client_id")
            record.expect(parameters["redirect_uri"] == client.redirectURI, "authorize: redirect_uri")
            let scopes = (parameters["scope"] ?? "").split(separator: " ")
            record.expect(scopes.contains("openid"), "authorize: scope without openid")
            record.expect(Set(scopes).count == scopes.count, "authorize: a scope comes twice")
            record.expect(isOpaque(parameters["nonce"], atMost: 43), "authorize: nonce")
            record.expect(isOpaque(parameters["state"], atMost: 128), "authorize: state")
            record.expect(parameters["code_challenge_method"] == "S256", "authorize: code_challenge_method")
            record.expect(isOpaque(parameters["code_challenge"], atMost: 43), "authorize: code_challenge")
            record.expect(!names.contains("request") && !names.contains("request_uri"), "authorize: request")
            record.logins += 1
            record.issued += 1
            let code = "canary-code-\(record.issued)-of-many-letters"
            record.secrets.append(("code", code))
            record.grants[code] = Record.Grant(
                nonce: parameters["nonce"] ?? "", challenge: parameters["code_challenge"] ?? "")
            return code
        }
    }

    /// A value of the alphabet of base64url.
    private func isOpaque(_ text: String?, atMost most: Int) -> Bool {
        guard let text, !text.isEmpty, text.utf8.count <= most else { return false }
        return text.utf8.allSatisfy { byte in
            Character(Unicode.Scalar(byte)).isLetter || (0x30...0x39).contains(byte) || byte == 0x2D || byte == 0x5F
        }
    }

    /// A page that sends itself (OAuth 2.0 Form Post Response Mode §2).
    private func form(_ response: [Parameter]) -> Reply {
        let fields = response.map { parameter in
            "<input type=\"hidden\" name=\"\(escaped(parameter.name))\" value=\"\(escaped(parameter.value))\">"
        }.joined()
        return Reply(
            type: "text/html; charset=utf-8",
            "<!DOCTYPE html><html><body onload=\"document.forms[0].submit()\">"
                + "<form method=\"post\" action=\"\(escaped(client.redirectURI))\">\(fields)</form></body></html>")
    }

    private func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("\"", with: "&quot;").replacing("<", with: "&lt;")
    }
}
