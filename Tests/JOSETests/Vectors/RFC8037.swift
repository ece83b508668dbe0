import JOSE

/// The example of RFC 8037, appendix A.
enum RFC8037 {
    /// A.1: the Ed25519 key.
    static let key: JSONObject = [
        "kty": "OKP",
        "crv": "Ed25519",
        "d": "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A",
        "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
    ]

    /// A.4: EdDSA.
    static let token: String = """
        eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc.hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6\
        dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg
        """
}
