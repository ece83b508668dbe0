public import HTTPMessages
import OpenIDConnect

/// The pages that a login needs, drawn by the application. Every text in them that came from a provider or a browser has
/// to be escaped (``htmlEscaped(_:)``). ``PlainLoginPages`` serves where an application draws none.
public protocol LoginPages: Sendable {
    /// Several providers are registered and the browser named none: it chooses.
    func chooser(_ providers: [ProviderChoice]) -> HTTPResponse

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

/// A provider as a user sees it.
public struct ProviderChoice: Sendable, Hashable {
    /// The registered name.
    public let name: ProviderName
    /// What a button says, such as `Google`.
    public let title: String
    /// The path that begins a login there, with its query.
    public let loginPath: String

    /// A choice as it stands.
    public init(name: ProviderName, title: String, loginPath: String) {
        self.name = name
        self.title = title
        self.loginPath = loginPath
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

    /// An outcome as it stands.
    public init(providerTitle: String?, providerSessionGoesOn: Bool, providerAddress: String?) {
        self.providerTitle = providerTitle
        self.providerSessionGoesOn = providerSessionGoesOn
        self.providerAddress = providerAddress
    }
}
