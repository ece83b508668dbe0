/// What an authorization request may ask for beyond the scopes (OIDC Core §3.1.2.1).
public struct AuthorizationOptions: Sendable, Hashable, CustomReflectable {
    /// `prompt`: whether the provider asks the user anything.
    public enum Prompt: String, Sendable, Hashable, CaseIterable {
        /// Nothing is shown; who is not logged in comes back with `login_required`.
        case none
        /// The user logs in again.
        case login
        /// The user consents again.
        case consent
        /// The user chooses an account.
        case selectAccount = "select_account"
    }

    /// Without ``idTokenHint`` and ``loginHint``.
    public var customMirror: Mirror {
        Mirror(
            self,
            children: [
                "prompt": prompt, "maxAge": maxAge as Any, "uiLocales": uiLocales, "acrValues": acrValues,
                "requiresACR": requiresACR, "responseMode": responseMode,
            ])
    }

    /// `prompt` values, in order.
    public var prompt: [Prompt]
    /// `max_age` in seconds: a login at the provider that is older is made anew; checked against `auth_time`.
    public var maxAge: Int?
    /// `ui_locales`, language tags in order of preference.
    public var uiLocales: [String]
    /// `acr_values` in order of preference.
    public var acrValues: [String]
    /// Whether the ID Token's `acr` has to be one of ``acrValues``; otherwise they are a wish.
    public var requiresACR: Bool
    /// `id_token_hint`: an earlier ID Token of who is to be logged in, compact. With `prompt=none` it asks whether they still
    /// are (Session Management §3). It is as secret as a session.
    public var idTokenHint: String?
    /// `login_hint`: who is likely to log in.
    public var loginHint: String?
    /// `response_mode`: how the answer comes back. ``ResponseMode/query`` is not sent: it is what the code flow does.
    public var responseMode: ResponseMode
    /// What a provider takes beyond the specifications, such as Google's `hd`. None of these replaces a parameter that a
    /// request has anyway.
    public var additionalParameters: [String: String] = [:]

    /// Nothing is asked for unless it is named.
    public init(
        prompt: [Prompt] = [], maxAge: Int? = nil, uiLocales: [String] = [], acrValues: [String] = [],
        requiresACR: Bool = false, idTokenHint: String? = nil, loginHint: String? = nil,
        responseMode: ResponseMode = .query
    ) {
        self.prompt = prompt
        self.maxAge = maxAge
        self.uiLocales = uiLocales
        self.acrValues = acrValues
        self.requiresACR = requiresACR
        self.idTokenHint = idTokenHint
        self.loginHint = loginHint
        self.responseMode = responseMode
    }
}
