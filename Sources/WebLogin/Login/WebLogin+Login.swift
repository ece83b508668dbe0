import FoundationEssentials
import HTTPMessages
import OpenIDConnect

extension WebLogin {
    /// `GET /login`: to the provider, or to the chooser where there are several and none was named.
    func beginLogin(_ request: HTTPRequest) async -> HTTPResponse {
        do throws(LoginFailure) {
            return try await redirectToProvider(request).uncached()
        } catch {
            return answer(to: error)
        }
    }

    private func redirectToProvider(_ request: HTTPRequest) async throws(LoginFailure) -> HTTPResponse {
        guard request.isNavigation else { throw LoginFailure.notANavigation }
        guard let query = try? request.queryParameters, query.duplicates.isEmpty else {
            throw LoginFailure.malformedLogin
        }
        var next = ReturnPath.home
        if let text = query["next"] {
            guard let path = ReturnPath(text) else { throw LoginFailure.unsafeNext(text) }
            next = path
        }
        guard let provider = try chosen(query["provider"]) else {
            let suffix = next.string == "/" ? "" : "&next=" + FormEncoding.encode(next.string)
            return pages.chooser(
                choices.map { ProviderChoice(name: $0.name, title: $0.title, loginPath: $0.loginPath + suffix) })
        }
        let client: OpenIDClient
        do throws(OpenIDError) {
            client = try await provider.client()
        } catch {
            throw LoginFailure(error, provider: provider.choice)
        }
        let registration = provider.registration
        let (url, pending) = client.beginLogin(
            scopes: registration.scopes(at: client.metadata), options: registration.options)
        let transaction = LoginTransaction(provider: provider.choice.name, next: next.string, pending: pending)
        var response = HTTPResponse.seeOther(url)
        do {
            let sealed = try transaction.sealed(with: secretKeys)
            makeRoom(sealed.utf8.count, on: &response, for: request)
            response.setCookie(
                try Cookie(
                    name: cookieNames.transaction(pending.state), value: sealed, isSecure: cookieNames.isSecure,
                    maxAge: LoginTransaction.cookieLifetime))
        } catch {
            // Only a `next` too long to carry leads here.
            throw LoginFailure.unsafeNext(next.string)
        }
        report(.begun(provider.choice))
        return response
    }

    /// The provider that was named; the only one where none was; `nil` where there are several.
    private func chosen(_ name: String?) throws(LoginFailure) -> RegisteredProvider? {
        guard let name else { return all.count == 1 ? all.first : nil }
        guard let provider = ProviderName(name).flatMap({ provider(named: $0) }) else {
            throw LoginFailure.unknownProvider(name)
        }
        return provider
    }

    /// A browser keeps so many logins under way, the one that begins included: the oldest go, and what cannot be opened
    /// goes first.
    private func makeRoom(_ byteCount: Int, on response: inout HTTPResponse, for request: HTTPRequest) {
        let cookies = request.cookies
        let underWay = cookies.names.filter { $0.hasPrefix(cookieNames.transactionPrefix) }.map { name in
            let value = cookies[name] ?? ""
            let begunAt = LoginTransaction.open(value, with: secretKeys)?.pending.begunAt ?? .distantPast
            return (name: name, byteCount: value.utf8.count, begunAt: begunAt)
        }
        var count = 1
        var bytes = byteCount
        for login in underWay.sorted(by: { $0.begunAt > $1.begunAt }) {
            count += 1
            bytes += login.byteCount
            if count > LoginTransaction.maximumCount || bytes > LoginTransaction.maximumByteCount {
                clear(login.name, on: &response)
            }
        }
    }

    func clear(_ name: String, on response: inout HTTPResponse) {
        // The name came as a cookie's name: it is a token, and an expired cookie of it can always be made.
        if let expired = try? Cookie.expired(name: name, isSecure: cookieNames.isSecure) { response.setCookie(expired) }
    }

    /// The page of a failure, and its report.
    func answer(to failure: LoginFailure) -> HTTPResponse {
        report(.failed(failure))
        var response = pages.failure(failure)
        response.status = failure.status
        return response.uncached()
    }
}
