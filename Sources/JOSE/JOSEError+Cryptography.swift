import Cryptography

extension JOSEError {
    /// What a failure of the cryptography means for a key.
    init(_ error: CryptographyError) {
        self.init(error.code == .library ? .unavailable : .key, error.detail)
    }

    /// Does cryptography, and says its failures in JOSE's terms.
    static func translating<Result>(
        _ body: () throws(CryptographyError) -> Result
    ) throws(JOSEError) -> Result {
        do {
            return try body()
        } catch {
            throw JOSEError(error)
        }
    }
}
