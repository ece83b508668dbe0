/// An answer, whole.
public struct HTTPResponse: Sendable {
    /// The status code, 200 to 599.
    public var status: Int
    /// The header fields, without those that a server adds: `Content-Length`, `Date`, `Connection`.
    public var fields: HTTPFields
    /// The body; a server leaves it out of an answer to HEAD and keeps its length (RFC 9110 §9.3.2).
    public var body: [UInt8]

    /// An answer of these parts.
    public init(status: Int, fields: HTTPFields = HTTPFields(), body: [UInt8] = []) {
        self.status = status
        self.fields = fields
        self.body = body
    }

    /// Text in UTF-8 of the media type given.
    public static func text(
        _ text: String, status: Int = 200, contentType: String = "text/plain; charset=utf-8"
    ) -> HTTPResponse {
        var response = HTTPResponse(status: status, body: Array(text.utf8))
        response.fields.append(.contentType, contentType)
        return response
    }

    /// An HTML page in UTF-8.
    public static func html(_ page: String, status: Int = 200) -> HTTPResponse {
        text(page, status: status, contentType: "text/html; charset=utf-8")
    }

    /// 303 See Other: the browser goes on with GET, whatever it came with (RFC 9110 §15.4.4; RFC 9700 §4.12).
    public static func seeOther(_ location: String) -> HTTPResponse {
        var response = HTTPResponse(status: 303)
        response.fields.append(.location, location)
        return response
    }
}
