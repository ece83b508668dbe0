/// Finds the handler of a request by its path and method.
///
/// ```swift
/// var router = Router()
/// router.add(.get, "/hello") { _ in .text("Hello") }
/// let response = await router.respond(to: request)
/// ```
public struct Router: Sendable {
    private typealias Handlers = [HTTPMethod: HTTPHandler]

    private var exact: [String: Handlers] = [:]
    private var prefixes: [String: Handlers] = [:]
    private var surrounding: (@Sendable (HTTPRequest, HTTPHandler) async -> HTTPResponse)?

    /// A router without routes.
    public init() {}

    /// Adds a route; it takes the place of an earlier one of the same method and path.
    ///
    /// The path is compared as it stands with the decoded path of a request. Where it ends with `/*`, it also stands for
    /// every longer path that begins so; an exact path goes first, then the longest such beginning.
    public mutating func add(_ method: HTTPMethod, _ path: String, _ handler: @escaping HTTPHandler) {
        if path.hasSuffix("/*") {
            prefixes[String(path.dropLast()), default: [:]][method] = handler
        } else {
            exact[path, default: [:]][method] = handler
        }
    }

    /// Puts something around every answer: it is given the request and what answers it, and may change either. What was
    /// put there before stands inside.
    public mutating func surround(with wrapper: @escaping @Sendable (HTTPRequest, HTTPHandler) async -> HTTPResponse) {
        guard let inner = surrounding else {
            surrounding = wrapper
            return
        }
        surrounding = { request, handler in await wrapper(request) { await inner($0, handler) } }
    }

    /// Answers with the handler's answer; 404 where no route has the path, 405 with `Allow` where one has it for other
    /// methods only (RFC 9110 §15.5.6). HEAD goes to the handler of GET where it has none of its own; the server leaves
    /// the body out.
    public func respond(to request: HTTPRequest) async -> HTTPResponse {
        guard let surrounding else { return await answer(request) }
        return await surrounding(request) { await answer($0) }
    }

    /// The path of the route that a request's path leads to, as it was added; `nil` where there is none. For counting
    /// requests by few names.
    public func route(for path: String) -> String? {
        if exact[path] != nil { return path }
        return prefix(of: path).map { $0 + "*" }
    }

    private func answer(_ request: HTTPRequest) async -> HTTPResponse {
        guard let handlers = handlers(for: request.path) else {
            return .text("There is no such page.\n", status: 404)
        }
        let handler = handlers[request.method] ?? (request.method == .head ? handlers[.get] : nil)
        guard let handler else {
            var response = HTTPResponse.text("This page does not know the method.\n", status: 405)
            response.fields.append(.allow, Self.allow(handlers))
            return response
        }
        return await handler(request)
    }

    private func handlers(for path: String) -> Handlers? {
        exact[path] ?? prefix(of: path).flatMap { prefixes[$0] }
    }

    /// The longest beginning of the path that routes were added for.
    private func prefix(of path: String) -> String? {
        if prefixes.isEmpty { return nil }
        var rest = path[...]
        while let slash = rest.lastIndex(of: "/") {
            let prefix = String(path[...slash])
            if path.index(after: slash) != path.endIndex, prefixes[prefix] != nil { return prefix }
            rest = path[..<slash]
        }
        return nil
    }

    private static func allow(_ handlers: Handlers) -> String {
        HTTPMethod.allCases.filter { handlers[$0] != nil || ($0 == .head && handlers[.get] != nil) }
            .map(\.rawValue).joined(separator: ", ")
    }
}
