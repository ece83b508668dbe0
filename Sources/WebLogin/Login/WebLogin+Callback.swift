import ByteText
import FoundationEssentials
import HTTPMessages
import OpenIDConnect
import Sessions

extension WebLogin {
    /// `GET /login/authorize`, and `POST` for `form_post`: the provider's answer.
    func finishLogin(_ request: HTTPRequest) async -> HTTPResponse {
        await LoginRecorder.$current.withValue(LoginRecorder(now: now)) { await answer(toCallback: request) }
    }

    private func answer(toCallback request: HTTPRequest) async -> HTTPResponse {
        var state: State?
        do throws(LoginFailure) {
            let (parameters, mode) = try parameters(of: request)
            state = parameters["state"].flatMap { State($0) }
            let response = try authorizationResponse(parameters, mode)
            if request.method == .post, transactionCookie(of: state, in: request) == nil {
                return try passOn(parameters, from: request).uncached()
            }
            return try await accept(response, parameters, in: request).uncached()
        } catch {
            var response = await ended(by: error)
            // A login that has failed is over: its cookie serves no second try.
            if let name = transactionCookie(of: state, in: request) { clear(name, on: &response) }
            return response
        }
    }

    private func accept(
        _ response: AuthorizationResponse, _ parameters: FormParameters, in request: HTTPRequest
    ) async throws(LoginFailure) -> HTTPResponse {
        let transaction: LoginTransaction
        do throws(LoginFailure) {
            transaction = try self.transaction(of: response, in: request)
        } catch {
            // A used callback has had its cookie cleared: that explains more than the cookie that is missing.
            if try await isUsed(response.state) { return try await goOn(request) }
            throw error
        }
        guard let provider = provider(named: transaction.provider), provider.answers(at: request.path) else {
            throw LoginFailure.wrongCallback(request.path)
        }
        let age = now().timeIntervalSince(transaction.pending.begunAt)
        guard age <= LoginTransaction.lifetime else { throw LoginFailure.expired(provider.choice, age: age) }
        // From here on this callback is used, whatever comes of it.
        guard try await use(response.state) else { return try await goOn(request) }
        let login: Login
        do throws(OpenIDError) {
            let client = try await provider.client()
            record(transaction, answered: response, parameters, at: provider, client)
            login = try await client.finishLogin(with: response, pending: transaction.pending)
        } catch  where transaction.checkedSubject != nil && error.code.saysThatNobodyIsLoggedIn {
            return try await endAfterCheck(at: provider, request)
        } catch {
            throw LoginFailure(error, provider: provider.choice)
        }
        // Another user's session is none of the one who was asked about (Session Management §3.1).
        if let subject = transaction.checkedSubject, !subject.isExactly(login.idToken.subject.string) {
            return try await endAfterCheck(at: provider, request)
        }
        var answer = HTTPResponse.seeOther(transaction.next.string)
        let pending = transaction.pending
        let hasAppleUser = provider.registration.kind == .apple && response.mode == .formPost
        let session = LoginSession(
            login, demand: LoginDemand(maxAge: pending.maxAge, acrs: pending.requiredACRs),
            roles: provider.registration.roleMapping, provider: provider.choice.name,
            unverifiedName: hasAppleUser ? parameters[PostedAnswer.userField].flatMap(AppleUser.name) : nil,
            address: clientAddress(request), userAgent: request.fields[.userAgent], at: now())
        do {
            try await establish(session, begunAt: pending.begunAt, for: request, on: &answer)
        } catch is EndedMeanwhile {
            throw LoginFailure.providerSessionEnded(provider.choice)
        } catch {
            throw LoginFailure.store(error, provider.choice)
        }
        clear(cookieNames.transaction(response.state), on: &answer)
        LoginRecorder.current?.add(
            .session, [.init(.measured, "session", "a new identifier; what the browser had before is worth nothing")])
        report(
            .finished(
                provider.choice, issuer: login.idToken.issuer, subject: login.idToken.subject,
                LoginEvent.Authentication(login.idToken)))
        await keepTrace(of: session, at: provider.choice, on: &answer)
        return answer
    }

    /// Writes down what happened until the answer came, in the order in which it did.
    private func record(
        _ transaction: LoginTransaction, answered response: AuthorizationResponse, _ parameters: FormParameters,
        at provider: RegisteredProvider, _ client: OpenIDClient
    ) {
        guard let recorder = LoginRecorder.current else { return }
        recorder.add(client.metadata)
        var options = provider.registration.options
        options.maxAge = transaction.pending.maxAge
        if !transaction.pending.requiredACRs.isEmpty { options.acrValues = transaction.pending.requiredACRs }
        if transaction.checkedSubject != nil { options.prompt = [.none] }
        options.responseMode = transaction.pending.responseMode
        client.record(
            transaction.pending, scopes: provider.registration.scopes(at: client.metadata), options: options,
            in: recorder)
        recorder.addAnswer(parameters.parameters.map { ($0.name, $0.value) }, mode: response.mode)
        let seconds = wholeSeconds(now().timeIntervalSince(transaction.pending.begunAt))
        recorder.add(.authorizationResponse, [.init(.measured, "time at the provider", "\(seconds) s")])
    }

    /// The answer's parameters: in the body, in the query, or in the query sealed after they came in a body.
    private func parameters(of request: HTTPRequest) throws(LoginFailure) -> (FormParameters, ResponseMode) {
        let query: FormParameters
        do throws(FormError) {
            if request.method == .post { return (try request.formParameters, .formPost) }
            query = try request.queryParameters
        } catch {
            throw LoginFailure.malformedCallback(expected: "readable parameters", actual: "\(error)")
        }
        guard let sealed = query[PostedAnswer.parameterName] else { return (query, .query) }
        guard let posted = PostedAnswer(sealed: sealed, openedWith: secretKeys), query.parameters.count == 1 else {
            throw LoginFailure.malformedCallback(
                expected: "an answer that was sealed here", actual: "one that does not open")
        }
        return (posted.parameters, .formPost)
    }

    private func authorizationResponse(
        _ parameters: FormParameters, _ mode: ResponseMode
    ) throws(LoginFailure) -> AuthorizationResponse {
        do throws(OpenIDError) {
            return try AuthorizationResponse(
                parameters: parameters.parameters.map { ($0.name, $0.value) }, mode: mode)
        } catch {
            throw LoginFailure(error, provider: nil)
        }
    }

    /// Sends a posted answer on to where the browser adds the login's cookie.
    private func passOn(_ posted: FormParameters, from request: HTTPRequest) throws(LoginFailure) -> HTTPResponse {
        guard let query = try? PostedAnswer(posted).query(sealedWith: secretKeys) else {
            throw LoginFailure.malformedCallback(
                expected: "an answer of at most \(PostedAnswer.maximumByteCount) bytes, sealed", actual: "a longer one")
        }
        return .seeOther(percentEncodedPath(request.path) + "?" + query)
    }

    /// The transaction that the response's state belongs to, from this browser's cookie.
    private func transaction(
        of response: AuthorizationResponse, in request: HTTPRequest
    ) throws(LoginFailure) -> LoginTransaction {
        let cookies = request.cookies
        guard let sealed = cookies[cookieNames.transaction(response.state)] else {
            let underWay = cookies.names.filter { $0.utf8.hasPrefix(cookieNames.transactionPrefix) }.count
            throw underWay == 0 ? LoginFailure.noTransaction : LoginFailure.foreignState(underWay: underWay)
        }
        guard let transaction = LoginTransaction.open(sealed, with: secretKeys) else {
            throw LoginFailure.unreadableTransaction
        }
        return transaction
    }

    /// A callback that has been used, by the back button as a rule: who is signed in goes on.
    private func goOn(_ request: HTTPRequest) async throws(LoginFailure) -> HTTPResponse {
        if (try? await session(of: request)) != nil { return .seeOther("/") }
        throw LoginFailure.used
    }

    /// Marks a state as used, on every machine that shares the sessions, for as long as its transaction could serve; false
    /// where it was already.
    private func use(_ state: State) async throws(LoginFailure) -> Bool {
        do {
            return try await sessions.shared.setFirst(
                [], for: SharedKey(.state, state.string),
                until: now().addingTimeInterval(LoginTransaction.lifetime + 60))
        } catch {
            throw LoginFailure.store(error, nil)
        }
    }

    private func isUsed(_ state: State) async throws(LoginFailure) -> Bool {
        do {
            return try await sessions.shared.values(for: [SharedKey(.state, state.string)]) != [nil]
        } catch {
            throw LoginFailure.store(error, nil)
        }
    }

    private func transactionCookie(of state: State?, in request: HTTPRequest) -> String? {
        guard let state else { return nil }
        let name = cookieNames.transaction(state)
        return request.cookies.values(named: name).isEmpty ? nil : name
    }
}

extension RegisteredProvider {
    /// Whether the path is this provider's redirect URI: an answer that arrives at another's is refused
    /// (RFC 9700 §4.4.2.2).
    fileprivate func answers(at path: String) -> Bool { registration.client.redirectURI.url.path.isExactly(path) }
}
