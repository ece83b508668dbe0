import ByteText
import JOSE
import OpenIDConnect
import WebLogin

/// The provider's keys, and the algorithms that they are for.
extension ProviderCheck {
    /// How many keys are told one by one.
    private static let toldKeys = 20

    /// The key set; `nil` where there is none.
    mutating func examineKeys(_ metadata: ProviderMetadata) async -> JWKSet? {
        let url = registration.client.endpoints.jwksURI ?? metadata.jwksURI
        let request = TransportRequest(
            method: .get, url: url, fields: [("Accept", "application/jwk-set+json, application/json")],
            limits: registration.client.limits)
        let response: TransportResponse
        do {
            response = try await transport.send(request)
        } catch {
            add(
                .keys(
                    needsKeys, "no answer from \(url): \(excerpt("\(error)"))",
                    remedy: "Check that this machine may connect there: the keys may be on another host."))
            return nil
        }
        guard response.status == 200 else {
            add(
                .keys(
                    needsKeys, "\(url) answers with status \(response.status)",
                    remedy: "The provider's operator has to mend jwks_uri."))
            return nil
        }
        let set: JWKSet
        do {
            set = try JWKSet(parsing: response.body)
        } catch {
            add(
                .keys(
                    needsKeys, "\(url) has no key set: \(excerpt(error.detail))",
                    remedy: "The provider's operator has to mend jwks_uri."))
            return nil
        }
        for key in set.keys.prefix(Self.toldKeys) { tell(key) }
        for skipped in set.skipped.prefix(Self.toldKeys) {
            let name = skipped.keyID.map(quoted) ?? "number \(skipped.index + 1), without kid,"
            add(.ok(.keys, "key \(name) is left out: \(excerpt(skipped.reason.detail))"))
        }
        return set
    }

    /// Whether a login verifies anything with published keys: with a symmetric algorithm it does so with the client secret.
    private var needsKeys: Bool { registration.client.idTokenSignedResponseAlg.map { !$0.isSymmetric } ?? true }

    private mutating func tell(_ key: JWK) {
        let name = key.keyID.map(quoted) ?? "without kid"
        let algorithms = JWSAlgorithm.allCases.filter { key.mayVerify($0) }
        if algorithms.isEmpty {
            let purpose = key.use.map { "use \($0.rawValue)" } ?? "key_ops"
            add(.ok(.keys, "key \(name), \(key.keyType.rawValue), is not for signatures (\(purpose))"))
        } else {
            let names = algorithms.map(\.rawValue)
            add(.ok(.keys, "key \(name), \(key.keyType.rawValue), is usable for \(list(names))"))
        }
    }

    /// Which algorithms ID Tokens may have, and whether there is a key for one of them.
    mutating func examineAlgorithms(_ metadata: ProviderMetadata, _ keys: JWKSet?) {
        let allowed: Set<JWSAlgorithm>
        do throws(OpenIDError) {
            allowed = try registration.client.allowedAlgorithms(metadata)
        } catch {
            add(.problem(.algorithms, error))
            return
        }
        let names = allowed.map(\.rawValue).sorted()
        if let configured = registration.client.idTokenSignedResponseAlg,
            let supported = metadata.idTokenSigningAlgorithmsSupported, !supported.containsExactly(configured.rawValue)
        {
            // What counts is what the provider has for this client, which the metadata need not name.
            add(
                .warning(
                    .algorithms,
                    "\(configured.rawValue) is configured for ID Tokens, and the provider's metadata name \(list(supported))",
                    remedy:
                        "If logins fail, unset ID_TOKEN_SIGNED_RESPONSE_ALG, or set it to what the provider has for this client."
                ))
        } else {
            add(.ok(.algorithms, "ID Tokens may be signed with \(list(names))"))
        }
        guard let keys, !allowed.allSatisfy(\.isSymmetric) else { return }
        let isUsable = keys.keys.contains { key in allowed.contains { key.mayVerify($0) } }
        if !isUsable {
            add(
                .problem(
                    .keys,
                    "of \(keys.keys.count + keys.skipped.count) published keys none verifies \(list(names))",
                    remedy: "The provider has to publish a key that it signs ID Tokens with:"
                        + " RSA of 2048 bits or more, EC or Ed25519."))
        }
    }
}

extension CheckFinding {
    /// What is wrong with the published keys: a problem only for a login that needs them.
    fileprivate static func keys(_ needsKeys: Bool, _ found: String, remedy: String) -> CheckFinding {
        needsKeys
            ? .problem(.keys, found, remedy: remedy)
            : .warning(.keys, found + "; ID Tokens are verified with the client secret", remedy: remedy)
    }
}
