import DevelopmentProvider
import HTTPMessages
import JOSE
import Testing

/// A browser, as far as the provider can tell: it keeps cookies and sends forms. It follows nothing.
final class Browser {
    let provider: DevelopmentProvider
    var cookies: [String: String] = [:]

    init(_ provider: DevelopmentProvider) { self.provider = provider }

    convenience init(_ fixture: Fixture) { self.init(fixture.provider) }

    func get(_ path: String, _ query: FormParameters = [:]) async throws -> HTTPResponse {
        try await send(.get, query.parameters.isEmpty ? path : "\(path)?\(query.encoded)")
    }

    func post(_ path: String, _ form: FormParameters) async throws -> HTTPResponse {
        try await send(.post, path, body: form)
    }

    private func send(_ method: HTTPMethod, _ target: String, body: FormParameters? = nil) async throws -> HTTPResponse
    {
        var request = try #require(HTTPRequest(method: method, target: target))
        if let body {
            request.fields.append(.contentType, "application/x-www-form-urlencoded")
            request.body = Array(body.encoded.utf8)
        }
        if !cookies.isEmpty {
            request.fields.append(.cookie, cookies.map { "\($0)=\($1)" }.sorted().joined(separator: "; "))
        }
        let response = await provider.respond(to: request)
        for line in response.fields.values(.setCookie) {
            let pair = try #require(line.split(separator: ";").first).split(
                separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            cookies[String(pair[0])] = line.contains("Max-Age=0") ? nil : String(pair[1])
        }
        return response
    }

    /// Asks for authorization, which must show the login page, and presses the button of a user.
    func logIn(
        as user: String = Fixture.ada, _ changes: KeyValuePairs<String, String?> = [:]
    ) async throws -> Answer {
        let page = try await get("/authorize", Fixture.request(changes))
        let form: FormParameters = ["request": try page.hiddenRequest, "user": user]
        return try Answer(await post("/login", form))
    }

    /// Logs in and takes the code to the token endpoint; the JSON that comes.
    func tokens(
        as user: String = Fixture.ada, _ changes: KeyValuePairs<String, String?> = [:]
    ) async throws -> JSONObject {
        let code = try #require(try await logIn(as: user, changes).parameters["code"])
        return try await Client(provider).redeem(code).json
    }
}

/// An answer to an authorization request, read from the redirect.
struct Answer {
    let target: String
    let parameters: FormParameters

    init(_ response: HTTPResponse) throws {
        #expect(response.status == 303)
        #expect(response.fields[.cacheControl] == "no-store")
        let location = try #require(response.fields[.location])
        let parts = location.split(separator: "?", maxSplits: 1)
        target = String(parts[0])
        parameters = try FormParameters(parsing: parts.count > 1 ? String(parts[1]) : "")
    }

    var error: String? { parameters["error"] }
}

extension HTTPResponse {
    var text: String { String(decoding: body, as: UTF8.self) }

    var json: JSONObject {
        get throws { try JSONObject(parsing: body) }
    }

    /// The error code of a JSON answer.
    var error: String? { (try? json)?["error"]?.string }

    /// The hidden field that a page's form carries.
    var hiddenRequest: String {
        get throws {
            let start = try #require(text.firstRange(of: "name=\"request\" value=\""), "no form on the page")
            let rest = text[start.upperBound...]
            let end = try #require(rest.firstIndex(of: "\""))
            return String(rest[..<end]).replacing("&amp;", with: "&")
        }
    }
}
