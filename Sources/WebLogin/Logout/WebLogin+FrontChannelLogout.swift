import ByteText
import HTTPMessages
import OpenIDConnect
import Sessions

extension WebLogin {
    /// `GET /external-logout`: a page of the provider has a frame with this address, so that the session here ends with the
    /// one there (Front-Channel Logout §2). `iss` and `sid` say which one; without them it is the browser's own, if the
    /// browser sends its cookie, which it does not in another site's frame.
    func frontChannelLogout(_ request: HTTPRequest) async -> HTTPResponse {
        do throws(LoginFailure) {
            guard let query = try? request.queryParameters, Set(query.duplicates).isDisjoint(with: ["iss", "sid"])
            else {
                throw LoginFailure.malformedLogout(expected: "iss and sid, each once", actual: "something else")
            }
            switch (query["iss"], query["sid"]) {
            case (let issuer?, let sessionID?) where Self.isSessionID(sessionID):
                return try await endProviderSession(sessionID, of: issuer)
            case (nil, nil):
                // A link to here, which does bring the cookie, is a logout like any other: it asks.
                guard request.fields[.secFetchDest].isExactly("iframe") else {
                    return HTTPResponse.seeOther(Self.logoutPath).uncached()
                }
                return try await endFramedSession(request)
            default:
                throw LoginFailure.malformedLogout(
                    expected: "iss and sid, or neither", actual: "one without the other, or no sid")
            }
        } catch {
            return answer(to: error)
        }
    }

    /// 1 to 1,024 visible ASCII characters (Back-Channel Logout §2.1).
    private static func isSessionID(_ text: String) -> Bool {
        (1...1024).contains(text.utf8.count) && text.utf8.allSatisfy { (0x21...0x7E).contains($0) }
    }

    private func endProviderSession(_ sessionID: String, of issuer: String) async throws(LoginFailure) -> HTTPResponse {
        let provider = all.first { $0.registration.mayHaveIssuer(issuer) }
        guard let provider else { throw LoginFailure.foreignLogout(issuer: issuer) }
        let count: Int?
        do {
            count = try await sessions.deleteAll(of: .providerSession(issuer: issuer, sessionID: sessionID))
        } catch {
            throw LoginFailure.store(error, provider.choice)
        }
        // Anybody can have this asked: what ended nothing is not worth a word.
        if count != 0 {
            let known = Issuer(issuer, plainHTTP: .everywhere)
            report(.loggedOut(provider.choice, by: .frontChannel, issuer: known, subject: nil))
        }
        return await framed(by: provider)
    }

    private func endFramedSession(_ request: HTTPRequest) async throws(LoginFailure) -> HTTPResponse {
        let session: LoginSession? = try await endOwnSession(request)
        guard let session, let provider = provider(named: session.provider) else {
            return Self.framed(by: all.flatMap { Self.origins(of: $0, metadata: nil) })
        }
        report(
            .loggedOut(
                provider.choice, by: .frontChannel, issuer: session.issuer, subject: session.subject))
        var response = await framed(by: provider)
        try? sessionCookie.clear(on: &response, replacing: request.cookies)
        return response
    }

    /// The page in the frame, which nobody but the provider may have: by its issuer and the endpoints that its pages are at.
    private func framed(by provider: RegisteredProvider) async -> HTTPResponse {
        Self.framed(by: Self.origins(of: provider, metadata: try? await provider.client().metadata))
    }

    private static func origins(of provider: RegisteredProvider, metadata: ProviderMetadata?) -> [String] {
        let endpoints = [metadata?.authorizationEndpoint, metadata?.endSessionEndpoint].compactMap { $0?.origin }
        return provider.registration.location.issuers.map(\.url.origin) + endpoints
    }

    private static func framed(by origins: [String]) -> HTTPResponse {
        var response = HTTPResponse.html(
            "<!DOCTYPE html><html lang=\"en\"><meta charset=\"utf-8\"><title>Logged out</title><p>Logged out.</p></html>\n"
        )
        let ancestors = Set(origins).sorted().joined(separator: " ")
        response.fields.append(.contentSecurityPolicy, "default-src 'none'; frame-ancestors \(ancestors)")
        response.fields.append(.xContentTypeOptions, "nosniff")
        return response.uncached()
    }
}
