import Cryptography

extension SecretKeys {
    /// One new random secret of 256 bits: what it sealed is lost when the process ends.
    public static func generated() -> SecretKeys {
        var generator = SystemRandomNumberGenerator()
        return SecretKeys(generated: randomBytes(minimumByteCount, using: &generator))
    }
}
