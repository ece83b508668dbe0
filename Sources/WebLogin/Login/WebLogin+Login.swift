import ByteText
import FoundationEssentials
import HTTPMessages
import OpenIDConnect

extension WebLogin {
    /// `GET /login`: to the provider, or to the chooser where there are several and none was named. With `iss`, by `GET`
    /// or `POST`, it is the login that another site initiates (OIDC Core §4).
    func beginLogin(_ request: HTTPRequest) async -> HTTPResponse {
        await LoginRecorder.$current.withValue(LoginRecorder(now: now)) {
            do throws(LoginFailure) {
                return try await redirectToProvider(request).uncached()
            } catch {
                return await ended(by: error)
            }
        }
    }

    private func redirectToProvider(_ request: HTTPRequest) async throws(LoginFailure) -> HTTPResponse {
        guard request.isNavigation else { throw LoginFailure.notANavigation }
        let isPost = request.method == .post
        guard let query = try? isPost ? request.formParameters : request.queryParameters, query.duplicates.isEmpty,
            query["login_hint"]?.utf8.count ?? 0 <= Self.maximumHintLength, let demand = LoginDemand(query)
        else { throw LoginFailure.malformedLogin }
        let next = try returnPath(query)
        guard let provider = try chosen(query) else {
            return chooser(next: next, demand: demand, hint: query["login_hint"])
        }
        let client = try await client(of: provider)
        var options = provider.registration.options
        if let hint = query["login_hint"], !hint.isEmpty { provider.registration.add(hint: hint, to: &options) }
        guard options.demand(demand) else { throw LoginFailure.malformedLogin }
        return try send(request, to: provider, client, options, next: next)
    }

    /// The provider's client, or why a login cannot begin there.
    func client(of provider: RegisteredProvider) async throws(LoginFailure) -> OpenIDClient {
        do throws(OpenIDError) {
            return try await provider.client()
        } catch {
            throw LoginFailure(error, provider: provider.choice)
        }
    }

    /// Sends the browser to the provider, with what has to come back with it in a cookie.
    func send(
        _ request: HTTPRequest, to provider: RegisteredProvider, _ client: OpenIDClient,
        _ options: AuthorizationOptions,
        next: ReturnPath, checkedSubject: String? = nil
    ) throws(LoginFailure) -> HTTPResponse {
        let scopes = provider.registration.scopes(at: client.metadata)
        let (url, pending) = client.beginLogin(scopes: scopes, options: options)
        let transaction = LoginTransaction(
            provider: provider.choice.name, next: next, pending: pending, checkedSubject: checkedSubject)
        var response = HTTPResponse.seeOther(url)
        do {
            let sealed = try transaction.sealed(with: secretKeys)
            let name = cookieNames.transaction(pending.state)
            let byteCount = Cookies.byteCount(name: name, valueByteCount: sealed.utf8.count)
            makeRoom(forLogin: byteCount, on: &response, for: request)
            response.setCookie(
                try Cookie(
                    name: name, value: sealed, isSecure: cookieNames.isSecure,
                    maxAge: LoginTransaction.cookieLifetime))
        } catch {
            // Only a `next` too long to carry leads here.
            throw LoginFailure.unsafeNext(next.string)
        }
        report(.begun(provider.choice))
        return response
    }

    /// The most bytes of a `login_hint`: an e-mail address, a name, an ID Token at most.
    private static let maximumHintLength = 2048

    /// Where the login leads back to: `next`, or the initiating site's `target_link_uri`, which has to be an address of
    /// this application, so that nobody is led elsewhere (OIDC Core §4).
    private func returnPath(_ query: FormParameters) throws(LoginFailure) -> ReturnPath {
        guard let text = query["next"] ?? query["target_link_uri"] else { return .home }
        var path = Substring(text)
        if query["next"] == nil {
            guard let rest = text.utf8.rest(after: publicURL.origin) else { throw LoginFailure.unsafeNext(text) }
            path = rest
            if path.isEmpty { return .home }
        }
        guard let found = ReturnPath(String(path)) else { throw LoginFailure.unsafeNext(text) }
        return found
    }

    func clear(_ name: String, on response: inout HTTPResponse) {
        // The name came as a cookie's name: it is a token, and an expired cookie of it can always be made.
        if let expired = try? Cookie.expired(name: name, isSecure: cookieNames.isSecure) { response.setCookie(expired) }
    }

    /// The page of a failure, and its report.
    func answer(to failure: LoginFailure) -> HTTPResponse {
        var failure = failure
        failure.record = LoginRecorder.current?.record
        report(.failed(failure))
        var response = pages.failure(failure)
        response.status = failure.status
        return response.uncached()
    }

    /// The same of a login that was under way: how it went is kept.
    func ended(by failure: LoginFailure) async -> HTTPResponse {
        var response = answer(to: failure)
        await keepTrace(of: failure, on: &response)
        return response
    }
}

extension AuthorizationOptions {
    /// Asks for what a guard demands, beside what each login asks for: never for less; false where no login can meet both.
    fileprivate mutating func demand(_ demand: LoginDemand) -> Bool {
        let own = LoginDemand(maxAge: maxAge, acrs: requiresACR ? acrValues : [])
        guard let both = own.joined(with: demand) else { return false }
        maxAge = both.maxAge
        if !both.acrs.isEmpty {
            acrValues = both.acrs
            requiresACR = true
        }
        return true
    }
}
