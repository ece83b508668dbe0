import ByteText
import FoundationEssentials
import HTTPMessages
import OpenIDConnect
import Sessions

extension WebLogin {
    /// How many cookies a response clears at most: a request may bring hundreds, and a response's head has a limit too.
    private static let maximumClearedCount = 32

    /// Keeps the cookies of this application within what is read of a request's head, so that no site can lock a user out
    /// by links to logins: where a new login or a new session leaves too little room, logins under way go, the oldest
    /// first, and before them what cannot be opened. The session stays.
    ///
    /// - Parameters:
    ///   - login: The bytes of the cookie of a login that begins; `nil` where none does.
    ///   - session: The session that the response sets; `nil` where the browser keeps the one that it has.
    func makeRoom(
        forLogin login: Int? = nil, session: SessionToken? = nil, on response: inout HTTPResponse,
        for request: HTTPRequest
    ) {
        var underWay: [String: (byteCount: Int, value: String?)] = [:]
        var (ofSession, ofOthers) = (0, 0)
        for pair in request.cookies.pairs {
            if cookieNames.isTransaction(pair.name) {
                let known = underWay[pair.name]
                // Of two of a name none can be opened: which is ours cannot be told.
                underWay[pair.name] = (
                    (known?.byteCount ?? 0) + pair.byteCount, known == nil ? pair.value : nil
                )
            } else if sessionCookie.hasPart(named: pair.name) {
                ofSession += pair.byteCount
            } else if [cookieNames.logout, cookieNames.trace].containsExactly(pair.name) {
                ofOthers += pair.byteCount
            }
        }
        if let session { ofSession = sessionCookie.byteCount(of: session) }
        let room =
            min(
                LoginTransaction.maximumByteCount, CookieNames.maximumByteCount - ofSession - ofOthers) - (login ?? 0)
        let count = LoginTransaction.maximumCount - (login == nil ? 0 : 1)
        guard underWay.count > count || underWay.values.reduce(0, { $0 + $1.byteCount }) > room else { return }
        let byAge = underWay.map { name, cookie in
            let transaction = cookie.value.flatMap { LoginTransaction.open($0, with: secretKeys) }
            return (name: name, byteCount: cookie.byteCount, begunAt: transaction?.pending.begunAt ?? .distantPast)
        }
        .sorted { $0.begunAt > $1.begunAt }
        var (bytes, cleared) = (0, 0)
        for (index, login) in byAge.enumerated() {
            bytes += login.byteCount
            if index >= count || bytes > room, cleared < Self.maximumClearedCount {
                clear(login.name, on: &response)
                cleared += 1
            }
        }
    }
}
