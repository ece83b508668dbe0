import DevelopmentProvider
import HTTPMessages
import OpenIDConnect
import Testing

/// A browser: cookies for each origin, redirects one by one.
final class PlayedBrowser {
    let world: World
    var cookies: [String: [String: String]] = [:]
    /// Which of the ready users logs in at the provider.
    var user = 0
    /// Which of the application's machines answers.
    var machine = 0
    /// What the browser says of its requests.
    var headers: [(HTTPFields.Name, String)] = [
        (.accept, "text/html"), (.secFetchMode, "navigate"), (.secFetchDest, "document"),
        (.secFetchSite, "same-origin"),
    ]

    init(_ world: World) { self.world = world }

    func send(_ url: String) async throws -> HTTPResponse { try await send(.get, url) }

    func send(_ method: HTTPMethod, _ url: String, form: String? = nil) async throws -> HTTPResponse {
        let address = try #require(
            EndpointURL(url.hasPrefix("/") ? World.applicationOrigin + url : url, plainHTTP: .everywhere))
        var fields = HTTPFields()
        for (name, value) in headers { fields.append(name, value) }
        let jar = cookies[address.origin] ?? [:]
        if !jar.isEmpty { fields.append(.cookie, jar.map { "\($0)=\($1)" }.joined(separator: "; ")) }
        if form != nil { fields.append(.contentType, "application/x-www-form-urlencoded") }
        let target = (address.path.isEmpty ? "/" : address.path) + (address.query.map { "?" + $0 } ?? "")
        let request = try #require(
            HTTPRequest(method: method, target: target, fields: fields, body: Array((form ?? "").utf8)))
        let response = await world.answer(request, at: address.origin, machine: machine)
        for line in response.fields.values(.setCookie) { keep(line, origin: address.origin) }
        return response
    }

    private func keep(_ line: String, origin: String) {
        let parts = line.split(separator: ";").map { String($0.drop { $0 == " " }) }
        let pair = parts[0].split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        if parts.contains("Max-Age=0") {
            cookies[origin]?[pair[0]] = nil
        } else {
            cookies[origin, default: [:]][pair[0]] = pair[1]
        }
    }

    /// The cookies that the application set.
    var applicationCookies: [String: String] {
        get { cookies[World.applicationOrigin] ?? [:] }
        set { cookies[World.applicationOrigin] = newValue }
    }

    /// Begins a login and picks the first user at the provider: gives the callback's address, not yet visited.
    func callback(_ path: String = "/login") async throws -> String {
        let answer = try await provide(path)
        #expect(answer.status == 303)
        return try #require(answer.fields[.location])
    }

    /// The same where the answer comes as a form: gives its fields, not yet sent.
    func formPost(_ path: String = "/login") async throws -> FormParameters {
        let answer = try await provide(path)
        #expect(answer.status == 200)
        var form = FormParameters()
        for (name, value) in hiddenFields(String(decoding: answer.body, as: UTF8.self)) { form.append(name, value) }
        return form
    }

    /// Begins a login and picks the first user: gives the provider's answer.
    private func provide(_ path: String) async throws -> HTTPResponse {
        let begun = try await send(path)
        #expect(begun.status == 303)
        let page = try await send(try #require(begun.fields[.location]))
        if page.status == 303 { return page }
        let html = String(decoding: page.body, as: UTF8.self)
        var form = FormParameters()
        for (name, value) in hiddenFields(html) { form.append(name, value) }
        form.append("user", [DevelopmentUser].readyUsers[user].subject)
        let action = try #require(html.firstMatch(of: /<form[^>]*action="([^"]*)"/)).1
        let address = action.hasPrefix("/") ? World.providerOrigin + action : String(action)
        return try await send(.post, address, form: form.encoded)
    }

    /// The form of a page: where it goes, and its hidden fields.
    func form(in answer: HTTPResponse) -> (action: String, fields: FormParameters) {
        let html = String(decoding: answer.body, as: UTF8.self)
        var fields = FormParameters()
        for (name, value) in hiddenFields(html) { fields.append(name, value) }
        return (html.firstMatch(of: /<form[^>]*action="([^"]*)"/).map { String($0.1) } ?? "", fields)
    }

    private func hiddenFields(_ html: String) -> [(String, String)] {
        html.matches(of: /<input type="hidden" name="([^"]*)" value="([^"]*)"/).map { match in
            let value = String(match.2).replacing("&quot;", with: "\"").replacing("&#39;", with: "'")
            return (String(match.1), value.replacing("&amp;", with: "&"))
        }
    }

    /// A whole login; ends at the page that the callback leads to.
    func logIn(_ path: String = "/login") async throws -> HTTPResponse { try await send(try await callback(path)) }

    func text(_ path: String) async throws -> String { String(decoding: try await send(path).body, as: UTF8.self) }
}
