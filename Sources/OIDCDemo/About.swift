/// What the app says of itself.
enum About {
    /// The version of this source (Semantic Versioning 2.0.0).
    static let version = "0.1.0"
}
