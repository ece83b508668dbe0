import ByteText
import HTTPMessages
import OpenIDConnect

extension WebLogin {
    /// The provider that was named, by its registered name or its issuer; else the one whose users have addresses like the
    /// hint; the only one where there is one; `nil` where there are several.
    func chosen(_ query: FormParameters) throws(LoginFailure) -> RegisteredProvider? {
        if let issuer = query["iss"] {
            // A second opinion on the provider is none that a link may have.
            let found = all.first {
                $0.registration.location.issuers.contains { $0.string.isExactly(issuer) }
            }
            guard let found, query["provider"] == nil else { throw LoginFailure.unknownProvider(issuer) }
            return found
        }
        guard let name = query["provider"] else { return all.count == 1 ? all.first : byEmail(query["login_hint"]) }
        guard let provider = ProviderName(name).flatMap({ provider(named: $0) }) else {
            throw LoginFailure.unknownProvider(name)
        }
        return provider
    }

    private func byEmail(_ hint: String?) -> RegisteredProvider? {
        guard let domain = hint.flatMap({ EmailDomain(ofAddress: $0) }) else { return nil }
        return all.first { $0.registration.emailDomains.contains(domain) }
    }

    /// The page with the choice. What the login was asked for goes along, and an address that belongs to no provider too.
    func chooser(next: ReturnPath, demand: LoginDemand, hint: String?) -> HTTPResponse {
        let asked = (next.string.isExactly("/") ? "" : "&next=" + FormEncoding.encode(next.string)) + demand.query
        let hint = hint.flatMap { $0.isEmpty ? nil : $0 }
        let suffix = asked + (hint.map { "&login_hint=" + FormEncoding.encode($0) } ?? "")
        let choices = choices.map {
            ProviderChoice(
                name: $0.name, title: $0.title, loginPath: $0.loginPath + suffix, kind: $0.kind, logoPath: $0.logoPath)
        }
        guard all.contains(where: { !$0.registration.emailDomains.isEmpty }) else { return pages.chooser(choices) }
        // What was written here can be read again.
        let hidden = (try? FormParameters(parsing: asked)) ?? FormParameters()
        let field = EmailField(action: Self.loginPath, hidden: hidden, isUnknown: hint != nil)
        return pages.chooser(choices, email: field)
    }
}

extension ProviderRegistration {
    /// Passes on who is likely to log in. Entra is told the organisation too, and asks then only there
    /// (<https://learn.microsoft.com/entra/identity-platform/v2-protocols-oidc#send-the-sign-in-request>).
    func add(hint: String, to options: inout AuthorizationOptions) {
        options.loginHint = hint
        if kind == .entra, let domain = EmailDomain(ofAddress: hint), emailDomains.contains(domain) {
            options.additionalParameters["domain_hint"] = domain.string
        }
    }
}
