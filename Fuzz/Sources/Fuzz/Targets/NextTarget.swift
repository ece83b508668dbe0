import HTTPMessages
import OpenIDConnect
import WebLogin

/// `next`: a login that is begun with it, and finished, ends at the application.
struct NextTarget: FuzzTarget {
    func run(_ input: [UInt8]) throws {
        let next = input.text
        let application = try Known.application()
        let router = CallbackTarget.router(application)
        let begin = try known(HTTPRequest(method: .get, target: "/login?next=" + FormEncoding.encode(next)))
        let begun = try wait { await router.respond(to: begin) }
        try CallbackTarget.check(begun, to: input)
        guard begun.status == 303 else { return }
        let address = try known(begun.fields[.location].flatMap { EndpointURL($0) })
        try demand(address.origin == Known.issuer, "a login begins at the provider")
        let state = try known(try FormParameters(parsing: address.query ?? "")["state"])
        let cookie = try known(begun.fields[.setCookie]?.prefix { $0 != ";" })
        // The provider of the script knows one nonce, so this login is refused; where it would lead is in its cookie.
        let path = "/login/authorize?error=access_denied&state=\(state)"
        let end = try known(HTTPRequest(method: .get, target: path, fields: [.cookie: String(cookie)]))
        try CallbackTarget.check(try wait { await router.respond(to: end) }, to: input)
        try demand(CallbackTarget.isLocal(next), "\(next) is a path")
        let decoded = try known(FormEncoding.decode(next.prefix { $0 != "?" && $0 != "#" }.replacing("+", with: "%2B")))
        try demand(CallbackTarget.isLocal(percentEncodedControls(decoded)), "\(next) is a path when it is decoded")
        let segments = decoded.split(separator: "/")
        try demand(!segments.contains("..") && !segments.contains("."), "\(next) has no dot segments")
    }

    /// The text with what no path may hold as it is made visible, so that only its form is looked at.
    private func percentEncodedControls(_ text: String) -> String {
        String(decoding: text.utf8.map { $0 > 0x20 && $0 < 0x7F ? $0 : UInt8(ascii: "_") }, as: UTF8.self)
    }
}
