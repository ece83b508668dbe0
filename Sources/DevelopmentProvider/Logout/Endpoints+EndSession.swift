import ByteText
import HTTPMessages
import Synchronization

extension Endpoints {
    /// The end session endpoint (OIDC RP-Initiated Logout §2). It asks the user unless the ID Token hint belongs to the
    /// login of this browser.
    func endSession(_ request: HTTPRequest) -> HTTPResponse {
        answeringEndSession { () throws(EndSessionRefusal) in
            let asked = try endSessionRequest { () throws(FormError) in try request.parameters }
            let login = login(of: request)
            if let login, !asked.hintedSessionID.isExactly(login.id) {
                return confirmationPage(asked, user: login.user)
            }
            return finishEndSession(asked, login: login)
        }
    }

    /// What the page that asks sends. Its cookie is not sent along by forms of other sites (`SameSite=Lax`).
    func endSessionConfirmed(_ request: HTTPRequest) -> HTTPResponse {
        answeringEndSession { () throws(EndSessionRefusal) in
            let form = try Self.readable { () throws(FormError) in try request.formParameters }
            let asked = try endSessionRequest { () throws(FormError) in
                try FormParameters(parsing: form["request"] ?? "")
            }
            guard form["stay"] == nil else { return stayedPage(asked) }
            return finishEndSession(asked, login: login(of: request))
        }
    }

    private func finishEndSession(_ asked: EndSessionRequest, login: BrowserLogin?) -> HTTPResponse {
        if let login { state.withLock { $0.sessions.remove(login.id) } }
        var response = asked.location.map { HTTPResponse.seeOther($0).kept(.not) } ?? loggedOutPage()
        setSessionCookie(nil, in: &response)
        return response
    }

    private func endSessionRequest(
        _ parameters: () throws(FormError) -> FormParameters
    ) throws(EndSessionRefusal) -> EndSessionRequest {
        let parameters = try Self.readable(parameters)
        let hint = parameters["id_token_hint"].flatMap(issuedIDToken)
        return try EndSessionRequest(parameters, hint: hint, clients: clients)
    }

    private static func readable(
        _ parameters: () throws(FormError) -> FormParameters
    ) throws(EndSessionRefusal) -> FormParameters {
        do {
            return try parameters()
        } catch {
            throw EndSessionRefusal(
                reason: "What the browser brought cannot be read: \(error).",
                remedy: "Start again at the application.")
        }
    }

    private func answeringEndSession(_ body: () throws(EndSessionRefusal) -> HTTPResponse) -> HTTPResponse {
        do {
            return try body()
        } catch {
            return problemPage(error.problem)
        }
    }
}
