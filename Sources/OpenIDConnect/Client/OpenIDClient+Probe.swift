extension OpenIDClient {
    /// Redeems a code that no provider has issued, with the client's own proof: a provider that accepts the proof answers
    /// `invalid_grant`, one that does not `invalid_client` (RFC 6749 §5.2). The code begins with `no-code-`, so that whoever
    /// reads the provider's log knows it, and goes on with 256 random bits.
    ///
    /// Throws ``OpenIDError`` with the answer; returns only where the provider gave tokens for it, which it must not.
    package func redeemUnissuedCode() async throws(OpenIDError) {
        let (_, pending) = beginLogin()
        // Any random value is none of the provider's; a fresh state is one that nothing else uses.
        guard let code = AuthorizationCode("no-code-" + pending.state.string) else { return }
        _ = try await redeem(code, pending: pending)
    }
}
