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

    /// The token that came; `nil` where none did, one of its parts is missing, or a name came twice.
    func token(in cookies: Cookies) -> SessionToken? {
        guard let first = cookies[name] else { return nil }
        // Behind a number of one digit.
        guard let tilde = first.utf8.prefix(2).firstIndex(of: UInt8(ascii: "~")) else { return SessionToken(first) }
        guard let count = Int(first[..<tilde]), (2...Self.maximumChunks).contains(count) else { return nil }
        var text = String(first[first.utf8.index(after: tilde)...])
        for index in 1..<count {
            guard let part = cookies[partName(index)] else { return nil }
            text += part
        }
        return SessionToken(text)
    }

    /// Sets the token, and clears parts of a longer one that came with the request.
    ///
    /// Throws `CookieError` where the token is too long for ``maximumChunks`` cookies.
    func set(
        _ token: SessionToken, on response: inout HTTPResponse, replacing cookies: Cookies, maxAge: Int
    ) throws(CookieError) {
        let bytes = Array(token.string.utf8)
        let count = max(1, (bytes.count + Self.chunkLength - 1) / Self.chunkLength)
        // One cookie more than is read would be a session that is lost at once: the last takes all, and is refused.
        let used = min(count, Self.maximumChunks)
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

    private func partName(_ index: Int) -> String { index == 0 ? name : "\(name)-\(index)" }
}
