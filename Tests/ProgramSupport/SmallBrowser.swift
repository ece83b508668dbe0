import CurlTransport
package import HTTPMessages
import OpenIDConnect

/// As much of a browser as a login takes: cookies by host and port, redirects one by one.
package final class SmallBrowser {
    /// What a page should have had and has not.
    package struct Missing: Error {
        let what: String
    }

    private let transport: CurlTransport
    private var cookies: [String: [String: String]] = [:]

    package init() throws { transport = try CurlTransport() }

    deinit { transport.shutdown() }

    /// One request. Another site's POST goes without `SameSite=Lax` cookies (RFC 6265bis §5.6.7.1), and those are all of
    /// the app's.
    package func send(
        _ url: String, form: String? = nil, crossSite: Bool = false
    ) async throws -> (status: Int, location: String?, text: String) {
        let url = try Self.found(EndpointURL(url), "an address in \(url)")
        var fields = [("Accept", "text/html"), ("Sec-Fetch-Site", crossSite ? "cross-site" : "same-origin")]
        let jar = crossSite && form != nil ? [:] : cookies[url.origin] ?? [:]
        if !jar.isEmpty { fields.append(("Cookie", jar.map { "\($0)=\($1)" }.joined(separator: "; "))) }
        if form != nil { fields.append(("Content-Type", "application/x-www-form-urlencoded")) }
        let response = try await transport.send(
            TransportRequest(
                method: form == nil ? .get : .post, url: url, fields: fields.map { (name: $0, value: $1) },
                body: Array((form ?? "").utf8),
                // More than an application may take: a test tells a slow answer from none. And four times that, since this
                // client, unlike a browser, sends a GET again that has no answer in a quarter of its time.
                limits: TransportRequest.Limits(total: .seconds(100))))
        for line in response.fields where line.name.lowercased() == "set-cookie" {
            let pair = line.value.prefix { $0 != ";" }.split(separator: "=", maxSplits: 1).map(String.init)
            cookies[url.origin, default: [:]][pair[0]] =
                pair.count == 2 && !line.value.contains("Max-Age=0") ? pair[1] : nil
        }
        let location = response.fields.first { $0.name.lowercased() == "location" }?.value
        return (response.status, location, String(decoding: response.body, as: UTF8.self))
    }

    /// The form on a page: where it leads, and its hidden fields.
    package static func form(on page: String) throws -> (action: String, fields: FormParameters) {
        let action = try found(page.firstMatch(of: /<form[^>]*action="([^"]*)"/), "a form").1
        var form = FormParameters()
        for field in page.matches(of: /<input type="hidden" name="([^"]*)" value="([^"]*)"/) {
            form.append(String(field.1), String(field.2).replacing("&quot;", with: "\"").replacing("&amp;", with: "&"))
        }
        return (String(action), form)
    }

    /// A whole login as one of the development provider's users, the first unless it is told; gives the last page.
    package func logIn(at origin: String, _ path: String = "/login", user: Int = 0) async throws -> String {
        let authorization = try Self.found(try await send(origin + path).location, "the way to the provider")
        let page = try await send(authorization).text
        var (action, form) = try Self.form(on: page)
        let users = page.matches(of: /name="user" value="([^"]*)"/)
        form.append("user", String(try Self.found(users.dropFirst(user).first, "a user").1))
        let provider = try Self.found(EndpointURL(authorization), "the provider").origin
        let target = action.hasPrefix("/") ? provider + action : action
        let callback = try Self.found(try await send(target, form: form.encoded).location, "the callback")
        let home = try Self.found(try await send(callback).location, "the way home")
        return try await send(home.hasPrefix("/") ? origin + home : home).text
    }

    package func close() { transport.shutdown() }

    private static func found<Value>(_ value: Value?, _ what: String) throws -> Value {
        guard let value else { throw Missing(what: what) }
        return value
    }
}
