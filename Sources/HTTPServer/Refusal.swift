import HTTPMessages

/// A request that no handler shall see. The connection ends with the answer: what follows on it cannot be trusted to be
/// a request.
struct Refusal: Error, Hashable {
    let status: Int
    let reason: String
    /// Seconds after which another try makes sense.
    var retryAfter: Int?

    static let target = Refusal(status: 400, reason: "The request target is malformed.")
    static let targetTooLong = Refusal(status: 414, reason: "The request target is too long.")
    static let head = Refusal(status: 400, reason: "The header section is malformed.")
    static let fieldName = Refusal(status: 400, reason: "A header name is malformed.")
    static let fieldValue = Refusal(status: 400, reason: "A header value holds control characters.")
    static let headTooLarge = Refusal(status: 431, reason: "The header section is too large.")
    static let host = Refusal(status: 400, reason: "There must be one valid Host header.")
    static let length = Refusal(status: 400, reason: "There must be at most one Content-Length header, a number.")
    static let lengthWithCoding = Refusal(status: 400, reason: "Content-Length excludes Transfer-Encoding.")
    static let coding = Refusal(status: 501, reason: "The transfer coding is not known here.")
    static let codingInOldVersion = Refusal(status: 400, reason: "HTTP/1.0 knows no Transfer-Encoding.")
    static let bodyTooLarge = Refusal(status: 413, reason: "The request body is too large.")
    static let method = Refusal(status: 501, reason: "The method is not known here.")
    static let tooManyRequests = Refusal(
        status: 429, reason: "There are too many requests of yours at the same time. Try again in a moment.",
        retryAfter: 1)
    static let overloaded = Refusal(status: 503, reason: "The answer takes too long.")
    static let stopping = Refusal(status: 503, reason: "The server is stopping.")
    static let failed = Refusal(status: 500, reason: "The answer cannot be sent.")

    var response: HTTPResponse {
        var response = HTTPResponse.text(reason + "\n", status: status)
        response.fields[.retryAfter] = retryAfter.map { "\($0)" }
        return response
    }
}
