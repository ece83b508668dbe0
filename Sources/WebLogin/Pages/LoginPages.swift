public import HTTPMessages
public import OpenIDConnect

/// The pages that a login needs, drawn by the application. Every text in them that came from a provider or a browser has
/// to be escaped (`htmlEscaped(_:)`). ``PlainLoginPages`` serves where an application draws none.
public protocol LoginPages: Sendable {
    /// Several providers are registered and the browser named none: it chooses.
    func chooser(_ providers: [ProviderChoice]) -> HTTPResponse

    /// The same where a provider can be found by an e-mail address too. Without a page of its own, the other one serves.
    func chooser(_ providers: [ProviderChoice], email: EmailField) -> HTTPResponse

    /// A login or a logout failed. The answer's status is the failure's.
    func failure(_ failure: LoginFailure) -> HTTPResponse

    /// The user is signed in and may not see the page: who they are, and what they lack. The answer's status is 403.
    func forbidden(_ refusal: AccessRefusal) -> HTTPResponse

    /// Another site sent the browser to the logout: the user confirms by a `POST` to `action`, with the hidden field given.
    func confirmLogout(_ confirmation: LogoutConfirmation) -> HTTPResponse

    /// The session here is over, and the browser ends the provider's by sending a form there.
    func continueLogout(_ form: EndSessionForm) -> HTTPResponse

    /// The session here is over; `providerGoesOn` names the provider where it is not over there, with an address to end it.
    func loggedOut(_ outcome: LogoutOutcome) -> HTTPResponse
}

extension LoginPages {
    /// The chooser without the field.
    public func chooser(_ providers: [ProviderChoice], email: EmailField) -> HTTPResponse { chooser(providers) }
}

/// A form with a field for an e-mail address, sent by `GET`, by whose domain a provider is found. It leads on to the provider:
/// the `form-action` of a page has to let it.
public struct EmailField: Sendable, Hashable {
    /// The path that the form goes to.
    public let action: String
    /// The name of the field.
    public var name: String { "login_hint" }
    /// What the form sends along in hidden fields: what the login was asked for.
    public let hidden: FormParameters
    /// Whether an address was given that belongs to no provider.
    public let isUnknown: Bool

    /// A field as it stands.
    public init(action: String, hidden: FormParameters = FormParameters(), isUnknown: Bool = false) {
        self.action = action
        self.hidden = hidden
        self.isUnknown = isUnknown
    }
}

/// A provider as a user sees it.
public struct ProviderChoice: Sendable, Hashable {
    /// The registered name.
    public let name: ProviderName
    /// What a button says, such as `Google`.
    public let title: String
    /// The path that begins a login there, with its query.
    public let loginPath: String
    /// Which product or service it is.
    public let kind: ProviderKind
    /// The path of its picture at this application. The title stands beside it: the picture needs no text of its own.
    public let logoPath: String?

    /// A choice as it stands.
    public init(
        name: ProviderName, title: String, loginPath: String, kind: ProviderKind = .other, logoPath: String? = nil
    ) {
        self.name = name
        self.title = title
        self.loginPath = loginPath
        self.kind = kind
        self.logoPath = logoPath
    }
}

/// What the page that asks before a logout needs.
public struct LogoutConfirmation: Sendable, Hashable {
    /// The path to `POST` to.
    public let action: String
    /// The path to go to instead.
    public let cancel: String

    /// A confirmation as it stands.
    public init(action: String, cancel: String) {
        self.action = action
        self.cancel = cancel
    }
}

/// The form that ends the provider's session (RP-Initiated Logout §2). The page with it has to allow its address in the
/// `form-action` of a Content-Security-Policy, and any address after it, since browsers hold redirects to that as well.
public struct EndSessionForm: Sendable, CustomReflectable {
    /// The provider.
    public let provider: ProviderChoice
    /// Where the form goes, by `POST`.
    public let action: String
    /// The hidden fields in order. One of them is an ID Token: they stand in this page and nowhere else.
    public let fields: [(name: String, value: String)]

    /// Without the fields.
    public var customMirror: Mirror { Mirror(self, children: ["action": action]) }

    init(_ request: EndSessionRequest, _ provider: ProviderChoice) {
        self.provider = provider
        action = request.endpoint.string
        fields = request.parameters
    }
}

/// How a logout ended.
public struct LogoutOutcome: Sendable, Hashable {
    /// The provider at which the user was logged in, by its title; `nil` where nobody was.
    public let providerTitle: String?
    /// Whether the provider's own session goes on, because it has no `end_session_endpoint`.
    public let providerSessionGoesOn: Bool
    /// The provider's address, where its session goes on.
    public let providerAddress: String?
    /// What the provider says of its `end_session_endpoint`, where it has one that cannot be used.
    public let unusableEndpoint: String?

    /// An outcome as it stands.
    public init(
        providerTitle: String?, providerSessionGoesOn: Bool, providerAddress: String?, unusableEndpoint: String? = nil
    ) {
        self.providerTitle = providerTitle
        self.providerSessionGoesOn = providerSessionGoesOn
        self.providerAddress = providerAddress
        self.unusableEndpoint = unusableEndpoint
    }
}
