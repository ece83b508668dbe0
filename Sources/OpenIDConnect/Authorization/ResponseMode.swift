/// How the provider's answer travels through the browser (OAuth 2.0 Multiple Response Types §2.1).
public enum ResponseMode: String, Sendable, Hashable, CaseIterable {
    /// In the query of the redirect URI: what the code flow does by itself.
    case query
    /// In the body of a `POST` to the redirect URI (OAuth 2.0 Form Post Response Mode §2): the code stays out of
    /// addresses, histories and logs.
    case formPost = "form_post"
}
