import ByteText

/// Finds the handler of a request by its path and method.
///
/// ```swift
/// var router = Router()
/// router.add(.get, "/hello") { _ in .text("Hello") }
/// let response = await router.respond(to: request)
/// ```
public struct Router: Sendable {
    private typealias Handlers = [HTTPMethod: HTTPHandler]

    private var exact: [ExactText: Handlers] = [:]
    /// By the beginning of their paths, the longest first.
    private var prefixes: [(prefix: String, handlers: Handlers)] = []
    private var surrounding: (@Sendable (HTTPRequest, HTTPHandler) async -> HTTPResponse)?

    /// A router without routes.
    public init() {}

    /// Adds a route; it takes the place of an earlier one of the same method and path.
    ///
    /// The path is compared as it stands with the decoded path of a request. Where it ends with `/*`, it also stands for
    /// every longer path that begins so; an exact path goes first, then the longest such beginning.
    public mutating func add(_ method: HTTPMethod, _ path: String, _ handler: @escaping HTTPHandler) {
        guard path.utf8.hasSuffix("/*"), let prefix = path.utf8.rest(before: "*") else {
            exact[ExactText(path), default: [:]][method] = handler
            return
        }
        if let index = prefixes.firstIndex(where: { prefix.isExactly($0.prefix) }) {
            prefixes[index].handlers[method] = handler
        } else {
            let place = prefixes.firstIndex { $0.prefix.utf8.count < prefix.utf8.count } ?? prefixes.endIndex
            prefixes.insert((String(prefix), [method: handler]), at: place)
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
        if exact[ExactText(path)] != nil { return path }
        return prefix(of: path).map { prefixes[$0].prefix + "*" }
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
        exact[ExactText(path)] ?? prefix(of: path).map { prefixes[$0].handlers }
    }

    /// The longest beginning of the path that routes were added for: which of ``prefixes``. As much work as there are such
    /// routes, however long the path is.
    private func prefix(of path: String) -> Int? {
        prefixes.firstIndex { path.utf8.count > $0.prefix.utf8.count && path.utf8.hasPrefix($0.prefix) }
    }

    private static func allow(_ handlers: Handlers) -> String {
        HTTPMethod.allCases.filter { handlers[$0] != nil || ($0 == .head && handlers[.get] != nil) }
            .map(\.rawValue).joined(separator: ", ")
    }
}
