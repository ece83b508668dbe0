import ByteText
import FoundationEssentials
import HTTPMessages
import Synchronization

extension Endpoints {
    /// The authorization endpoint (OIDC Core §3.1.2): an answer at once where the browser's login is good enough, else
    /// the login page.
    func authorize(_ request: HTTPRequest) -> HTTPResponse {
        answeringAuthorization { () throws(AuthorizationRefusal) in
            let asked = try authorizationRequest(request.parameters)
            let users = try offeredUsers(for: asked)
            if let login = login(of: request), isGoodEnough(login, for: asked), users.contains(login.user) {
                return answer(to: asked, login: login)
            }
            guard !asked.prompts.contains(.none) else {
                throw .redirect(
                    .loginRequired, description: "nobody is logged in as the request demands", to: asked.address)
            }
            return loginPage(asked, users: users)
        }
    }

    /// What the login page sends: the authorization request as it came, and who was chosen.
    func logIn(_ request: HTTPRequest) -> HTTPResponse {
        answeringAuthorization { () throws(AuthorizationRefusal) in
            let form = try Self.readable { () throws(FormError) in try request.formParameters }
            let asked = try authorizationRequest { () throws(FormError) in
                try FormParameters(parsing: form["request"] ?? "")
            }
            if form["cancel"] != nil {
                throw .redirect(.accessDenied, description: "the user cancelled the login", to: asked.address)
            }
            guard let user = try offeredUsers(for: asked).first(where: { form["user"].isExactly($0.subject) }) else {
                throw .page(
                    Problem(
                        title: "Unknown user", reason: "The form names none of the users offered.",
                        remedy: "Go back and choose again."))
            }
            let login = startSession(of: user, replacing: self.login(of: request))
            var response = answer(to: asked, login: login)
            setSessionCookie(login.cookieValue, in: &response)
            return response
        }
    }

    private func authorizationRequest(
        _ parameters: @autoclosure () throws(FormError) -> FormParameters
    ) throws(AuthorizationRefusal) -> AuthorizationRequest {
        try authorizationRequest { () throws(FormError) in try parameters() }
    }

    private func authorizationRequest(
        _ parameters: () throws(FormError) -> FormParameters
    ) throws(AuthorizationRefusal) -> AuthorizationRequest {
        try AuthorizationRequest(Self.readable(parameters), clients: clients, issuer: issuer.string)
    }

    private static func readable(
        _ parameters: () throws(FormError) -> FormParameters
    ) throws(AuthorizationRefusal) -> FormParameters {
        do {
            return try parameters()
        } catch {
            throw .page(
                Problem(
                    title: "Unreadable request", reason: "What the browser brought cannot be read: \(error).",
                    remedy: "Start again at the application."))
        }
    }

    /// All users, or the one that `id_token_hint` demands: nobody else may be answered with (OIDC Core §3.1.2.2).
    private func offeredUsers(for asked: AuthorizationRequest) throws(AuthorizationRefusal) -> [DevelopmentUser] {
        guard let hint = asked.idTokenHint else { return users }
        guard let token = issuedIDToken(hint), token.clientID.isExactly(asked.client.id) else {
            throw .redirect(
                .invalidRequest, description: "id_token_hint was not issued to this client by this provider",
                to: asked.address)
        }
        return users.filter { $0.subject.isExactly(token.subject) }
    }

    private func isGoodEnough(_ login: BrowserLogin, for asked: AuthorizationRequest) -> Bool {
        if asked.prompts.contains(.login) || asked.prompts.contains(.selectAccount) { return false }
        guard let maximumAge = asked.maximumAge else { return true }
        // Not as old as that: zero demands a login whatever the clock says (OIDC Core §3.1.2.1).
        return now().timeIntervalSince(login.session.authenticatedAt) < TimeInterval(maximumAge)
    }

    /// Makes a grant, and answers with its code.
    private func answer(to asked: AuthorizationRequest, login: BrowserLogin) -> HTTPResponse {
        let now = now()
        let code = state.withLock { state in
            let code = Handle(id: state.random(), proof: state.random())
            let grant = Grant(
                clientID: asked.client.id, subject: login.user.subject, sessionID: login.id, scope: asked.scope,
                nonce: asked.nonce, redirectURI: asked.address.redirectURI, codeChallenge: asked.codeChallenge,
                authenticatedAt: login.session.authenticatedAt, codeProof: code.proof,
                codeExpiresAt: now.addingTimeInterval(Lifetime.code))
            state.grants.insert(grant, as: code.id, at: now)
            return code
        }
        return answer(["code": code.text], to: asked.address)
    }

    /// The answer, on its way through the browser.
    private func answer(_ parameters: FormParameters, to address: AnswerAddress) -> HTTPResponse {
        let answer = address.completed(parameters)
        return switch address.mode {
        case .query: .seeOther(address.redirectURI.adding(answer)).kept(.not)
        case .formPost: formPostPage(answer, to: address.redirectURI)
        }
    }

    private func answeringAuthorization(_ body: () throws(AuthorizationRefusal) -> HTTPResponse) -> HTTPResponse {
        do {
            return try body()
        } catch {
            switch error {
            case .page(let problem): return problemPage(problem)
            case .redirect(let code, let description, let address):
                return answer(["error": code.rawValue, "error_description": description], to: address)
            }
        }
    }
}
