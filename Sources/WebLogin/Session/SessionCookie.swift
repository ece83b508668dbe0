import ByteText
import HTTPMessages
import Sessions

/// Carries a session token in cookies: one, or where it is longer than a browser keeps in one, several. Then the first
/// begins with their number and `~`, a character that no token has.
struct SessionCookie {
    let name: String
    let isSecure: Bool

    /// The most bytes in one cookie, its name aside; browsers keep 4,096 with it.
    static let chunkLength = 3800
    /// The most cookies; together with what else a browser sends they stay within what is read of a request.
    static let maximumChunks = 4
    /// How many cookies of the session's name are looked at, where other paths or hosts have set some.
    private static let maximumDuplicates = 8

    /// The token that came; `nil` where none did, one of its parts is missing, or a name came twice.
    func token(in cookies: Cookies) -> SessionToken? {
        cookies[name].flatMap { token(beginning: $0, in: cookies) }
    }

    private func token(beginning first: String, in cookies: Cookies) -> SessionToken? {
        guard let count = partCount(of: first) else { return SessionToken(first) }
        var text = String(Substring(first.utf8.dropFirst(2)))
        for index in 1..<count {
            guard let part = cookies[partName(index)] else { return nil }
            text += part
        }
        return SessionToken(text)
    }

    /// How many cookies a token is in that begins so; `nil` where it is in one, or no token.
    private func partCount(of first: String) -> Int? {
        let bytes = first.utf8.prefix(2)
        guard bytes.count == 2, bytes.last == UInt8(ascii: "~"), let digit = bytes.first else { return nil }
        let count = Int(digit) - Int(UInt8(ascii: "0"))
        return (2...Self.maximumChunks).contains(count) ? count : nil
    }

    /// Every token that the cookies may stand for, where a name came twice: to end a session it need not be known which of
    /// them is the browser's. `isComplete`: no cookie came beside those that could not be put together to a token.
    func tokens(in cookies: Cookies) -> (all: [SessionToken], isComplete: Bool) {
        let values = cookies.values(named: name)
        if values.count == 1, let token = token(in: cookies) { return ([token], true) }
        // What is no token, whole or the first part of one, was not set here.
        let ours = values.filter { SessionToken($0) != nil || partCount(of: $0) != nil }
        let tokens = ours.prefix(Self.maximumDuplicates).compactMap { token(beginning: $0, in: cookies) }
        let isHeadless = values.isEmpty && cookies.pairs.contains { hasPart(named: $0.name) }
        return (tokens, tokens.count == ours.count && !isHeadless)
    }

    /// Whether a cookie is the session's, or a part of it.
    func hasPart(named name: String) -> Bool { (0..<Self.maximumChunks).contains { partName($0).isExactly(name) } }

    /// The bytes that the cookies of a token take in a request's head.
    func byteCount(of token: SessionToken) -> Int {
        let count = Self.chunkCount(of: token)
        let marks = count > 1 ? "\(count)~".utf8.count : 0
        return (0..<count).reduce(token.string.utf8.count + marks) {
            $0 + Cookies.byteCount(name: partName($1), valueByteCount: 0)
        }
    }

    /// Sets the token, and clears parts of a longer one that came with the request.
    ///
    /// Throws `CookieError` where the token is too long for ``maximumChunks`` cookies.
    func set(
        _ token: SessionToken, on response: inout HTTPResponse, replacing cookies: Cookies, maxAge: Int
    ) throws(CookieError) {
        let bytes = Array(token.string.utf8)
        let used = Self.chunkCount(of: token)
        for index in 0..<used {
            let start = index * Self.chunkLength
            let end = index == used - 1 ? bytes.count : start + Self.chunkLength
            let part = String(decoding: bytes[start..<end], as: UTF8.self)
            let value = index == 0 && used > 1 ? "\(used)~" + part : part
            response.setCookie(
                try Cookie(name: partName(index), value: value, isSecure: isSecure, maxAge: maxAge))
        }
        try clear(from: used, on: &response, replacing: cookies)
    }

    /// Clears every part that came.
    func clear(on response: inout HTTPResponse, replacing cookies: Cookies) throws(CookieError) {
        try clear(from: 0, on: &response, replacing: cookies)
    }

    private func clear(
        from first: Int, on response: inout HTTPResponse, replacing cookies: Cookies
    ) throws(CookieError) {
        let names = Set(cookies.names)
        for index in first..<Self.maximumChunks where names.containsExactly(partName(index)) {
            response.setCookie(try .expired(name: partName(index), isSecure: isSecure))
        }
    }

    /// One cookie more than is read would be a session that is lost at once: the last takes all, and is refused.
    private static func chunkCount(of token: SessionToken) -> Int {
        min(max(1, (token.string.utf8.count + chunkLength - 1) / chunkLength), maximumChunks)
    }

    private func partName(_ index: Int) -> String { index == 0 ? name : "\(name)-\(index)" }
}
