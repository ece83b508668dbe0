import ByteText
public import FoundationEssentials
public import HTTPMessages
public import OpenIDConnect

/// What answers requests that carry a verified access token.
public typealias BearerHandler = @Sendable (HTTPRequest, VerifiedAccessToken) async -> HTTPResponse

/// An API whose requests carry access tokens of one provider (RFC 6750), which are JWTs (RFC 9068). There is no session and
/// no cookie. A token that is bound to a key of its sender (`cnf`: DPoP, or a certificate) is refused, since no proof of the key
/// is checked.
///
/// ```swift
/// let api = try BearerAPI(issuer: "https://idp.example", audience: "https://api.example", transport: transport)
/// router.add(.get, "/notes", api.require("notes:read") { request, token in … })
/// ```
public final class BearerAPI: Sendable {
    private let fetched: Fetched<ResourceServer>
    private let report: @Sendable (OpenIDError) -> Void

    /// An API known to the provider as `audience`. The provider is asked for its metadata and its keys when the first
    /// request comes; they are kept as for logins. `report` hears of each token that was refused, and of a provider that
    /// cannot be reached.
    ///
    /// Throws `OpenIDError` `.registration` where `issuer` is no https URL (http for loopback only) without query and
    /// fragment, or `audience` is empty.
    public init(
        issuer: String, audience: String, tokenType: AccessTokenType = .accessTokenJWT, transport: any HTTPTransport,
        now: @escaping @Sendable () -> Date = { Date() },
        report: @escaping @Sendable (OpenIDError) -> Void = { _ in }
    ) throws(OpenIDError) {
        guard let location = Issuer(issuer).flatMap({ MetadataLocation(of: $0) }), !audience.isEmpty else {
            throw OpenIDError(
                .registration, expected: "an issuer: an https URL without query and fragment; and an audience",
                actual: "\(issuer), \(audience.isEmpty ? "none" : audience)", remedy: "Correct the configured value.")
        }
        self.report = report
        let lastKeys = LastKeys()
        fetched = Fetched(freshness: RegisteredProvider.freshness, now: now) {
            do throws(OpenIDError) {
                let metadata = try await ProviderMetadata.discover(location, through: transport)
                let keys = lastKeys.at(metadata.jwksURI) {
                    KeySource(url: metadata.jwksURI, transport: transport, now: now)
                }
                return .success(
                    ResourceServer(
                        metadata: metadata, audience: audience, tokenType: tokenType, keys: keys, transport: transport,
                        now: now))
            } catch {
                return .failure(error)
            }
        }
    }

    /// A handler that only requests reach which carry a good access token that allows all of `scopes`.
    ///
    /// Others are answered as RFC 6750 §3 says: 401 without a token and with one that is not good, 400 where the
    /// `Authorization` field is malformed, 403 where a scope is lacking; 503 where the provider's keys cannot be had. The
    /// handler's answer is kept by no cache unless it says otherwise.
    public func require(_ scopes: String..., handler: @escaping BearerHandler) -> HTTPHandler {
        { request in
            do throws(BearerChallenge) {
                guard let text = try request.bearerToken else { throw BearerChallenge(nil) }
                guard let token = AccessToken(text) else { throw BearerChallenge(.invalidToken) }
                guard let verified = try await self.verify(token) else {
                    return HTTPResponse.text("Tokens cannot be verified at the moment.\n", status: 503).uncached()
                }
                guard scopes.allSatisfy({ verified.scopes.map(\.string).containsExactly($0) }) else {
                    throw BearerChallenge(.insufficientScope, scope: scopes.joined(separator: " "))
                }
                let response = await handler(request, verified)
                return response.fields.contains(.cacheControl) ? response : response.uncached()
            } catch {
                return error.response
            }
        }
    }

    /// `nil` where it cannot be told.
    private func verify(_ token: AccessToken) async throws(BearerChallenge) -> VerifiedAccessToken? {
        do throws(OpenIDError) {
            return try await fetched.current().value.verify(token)
        } catch {
            report(error)
            guard case .accessToken = error.code else { return nil }
            throw BearerChallenge(.invalidToken, description: error.code.name)
        }
    }
}
