import ByteText
import OpenIDConnect
import WebLogin

/// What the settings say of one provider beyond OpenID Connect.
struct ProviderSpecifics: Sendable {
    /// As set, or by the address.
    let kind: ProviderKind
    /// The one organisation at Google whose accounts may log in.
    let hostedDomain: String?
    /// Whose users may log in at Microsoft Entra.
    let tenants: EntraTenants?
    /// The team at Apple.
    let appleTeamID: AppleTeamID?
    /// Addresses in place of the metadata's.
    let endpoints: EndpointOverrides
    /// Whom tokens may be for beside the client.
    let trustedAudiences: Set<String>
    /// Whether refresh tokens are asked for.
    let wantsRefreshTokens: Bool
    /// Whose users log in here.
    let emailDomains: Set<EmailDomain>
    /// The picture on the button.
    let logo: Logo?
    /// When the provider's addresses may be plain `http`.
    let plainHTTP: EndpointURL.PlainHTTP
}

extension ProviderSpecifics {
    /// Reads the settings; `reader` keeps the problems. `location`: where the metadata lie, if that could be read.
    init(at location: MetadataLocation?, plainHTTP: EndpointURL.PlainHTTP, from reader: inout SettingsReader) {
        self.plainHTTP = plainHTTP
        let set = reader.optional(
            .providerKind, hasToBe: "one of " + ProviderKind.allCases.map(\.rawValue).joined(separator: ", "),
            example: "keycloak", ProviderKind.init(named:))
        kind = set ?? location?.issuers.first.map { ProviderKind(issuer: $0) } ?? .other
        hostedDomain = reader.hostedDomain(kind)
        tenants = reader.tenants(kind, location)
        appleTeamID = reader.appleTeamID(kind)
        endpoints = reader.endpoints(plainHTTP)
        trustedAudiences = reader.trustedAudiences()
        wantsRefreshTokens =
            reader.optional(.offlineAccess, hasToBe: "on or off", example: "on") {
                ["on": true, "off": false][$0.asciiLowercased]
            } ?? false
        emailDomains =
            reader.optional(
                .emailDomains, hasToBe: "domains with commas between them", example: "example.org,example.net"
            ) { text -> Set<EmailDomain>? in
                let parts = text.utf8.split(at: ",").map {
                    EmailDomain(trimmed($0))
                }
                return parts.contains(nil) ? nil : Set(parts.compactMap { $0 })
            } ?? []
        logo = reader.logo()
    }

    /// Sets what of this a registration has.
    func configure(_ registration: inout ProviderRegistration) {
        registration.client.tenants = tenants
        registration.client.appleTeamID = appleTeamID
        registration.client.endpoints = endpoints
        registration.client.trustedAudiences = trustedAudiences
        registration.emailDomains = emailDomains
        registration.logoPath = logo.map { $0.file(of: registration.name).versionedPath }
        if let hostedDomain { registration.restrict(toHostedDomain: hostedDomain) }
        if wantsRefreshTokens { registration.requestRefreshTokens() }
    }
}

extension SettingsReader {
    /// Spaces and commas stand between them: no identifier that a provider makes has one.
    fileprivate mutating func trustedAudiences() -> Set<String> {
        let audiences = optional(
            .trustedAudiences, hasToBe: "audiences with spaces or commas between them, of visible ASCII",
            example: "\"318532894512345678 sister-client\""
        ) { text -> [String]? in
            let parts = text.utf8.split { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: ",") }.map {
                String(Substring($0))
            }
            let fit = !parts.isEmpty && parts.allSatisfy { $0.utf8.allSatisfy { (0x21...0x7E).contains($0) } }
            return fit ? parts : nil
        }
        return Set(audiences ?? [])
    }

    fileprivate mutating func hostedDomain(_ kind: ProviderKind) -> String? {
        let domain = optional(.hostedDomain, hasToBe: "one domain", example: "example.org") { EmailDomain($0)?.string }
        guard domain != nil, kind != .google else { return domain }
        report(
            .conflicting, .hostedDomain, "is set, but only Google's ID Tokens say a hosted domain",
            remedy: "Unset it, or set \(name(.providerKind))=google.")
        return nil
    }

    fileprivate mutating func tenants(_ kind: ProviderKind, _ location: MetadataLocation?) -> EntraTenants? {
        let tenants = optional(
            .allowedTenants, hasToBe: "tenant IDs with commas between them, or * for everybody's",
            example: "8eaef023-2b34-4da1-9baa-8bc8c9d6a490"
        ) { text -> EntraTenants? in
            if text.isExactly("*") { return .every }
            let parts = text.utf8.split(at: ",")
                .map { TenantID(trimmed($0).asciiLowercased) }
            return parts.contains(nil) ? nil : .only(Set(parts.compactMap { $0 }))
        }
        guard let location else { return nil }
        let isForSeveral = kind == .entra && EntraIssuers(location, .every) != nil
        if isForSeveral, text(.allowedTenants) == nil {
            report(
                .missing, .allowedTenants, "is not set, but the address is the one for every organisation's users",
                remedy:
                    "Set it to the tenants whose users may log in, or to * for everybody's; or put your own tenant's ID "
                    + "into \(name(.serverMetadataURL)) in place of common or organizations.")
        }
        if !isForSeveral, text(.allowedTenants) != nil {
            report(
                .conflicting, .allowedTenants, "is set, but the address is of one issuer",
                remedy: "Unset it, or set \(name(.serverMetadataURL)) to "
                    + "https://login.microsoftonline.com/organizations/v2.0/.well-known/openid-configuration.")
            return nil
        }
        return tenants
    }

    /// Apple's secret is made of three settings; who makes it elsewhere sets `CLIENT_SECRET`.
    fileprivate mutating func appleTeamID(_ kind: ProviderKind) -> AppleTeamID? {
        let settings: [Setting] = [.appleTeamID, .appleKeyID]
        let given = settings.filter { text($0) != nil }
        if kind != .apple {
            for setting in given {
                report(
                    .conflicting, setting, "is set, but the provider is not Apple",
                    remedy: "Unset it, or set \(name(.providerKind))=apple.")
            }
            return nil
        }
        if given.isEmpty, text(.clientSecret) != nil { return nil }
        for setting in settings + [.clientKeyFile] where text(setting) == nil {
            report(
                .missing, setting, "is not set, but Apple's client secret is made with it",
                remedy:
                    "Set \(name(.appleTeamID)), \(name(.appleKeyID)) and \(name(.clientKeyFile)), the key's .p8 file.")
        }
        if text(.clientSecret) != nil {
            report(
                .conflicting, .clientSecret, "is set beside \(name(.appleTeamID)), with which the app makes the secret",
                remedy: "Unset it.")
        }
        return optional(
            .appleTeamID, hasToBe: "ten capital letters and digits", example: "ABCDE12345", AppleTeamID.init)
    }

    fileprivate mutating func endpoints(_ plainHTTP: EndpointURL.PlainHTTP) -> EndpointOverrides {
        func read(_ setting: Setting, _ reader: inout SettingsReader) -> EndpointURL? {
            reader.optional(
                setting, hasToBe: "an https URL (http on this machine, or with \(reader.name(.plainHTTP))=on)",
                example: "https://provider.example/path"
            ) { EndpointURL($0, plainHTTP: plainHTTP) }
        }
        var endpoints = EndpointOverrides()
        endpoints.authorizationEndpoint = read(.authorizationEndpoint, &self)
        endpoints.tokenEndpoint = read(.tokenEndpoint, &self)
        endpoints.userInfoEndpoint = read(.userinfoEndpoint, &self)
        endpoints.jwksURI = read(.jwksURI, &self)
        endpoints.endSessionEndpoint = read(.endSessionEndpoint, &self)
        return endpoints
    }

    fileprivate mutating func logo() -> Logo? {
        guard let path = text(.logo) else { return nil }
        do {
            return try Logo(path: path)
        } catch {
            report(
                .unusable, .logo, "names \(quoted(path)), \(error.reason)",
                remedy: "Name an SVG or PNG file of at most \(Logo.maximumByteCount >> 10) KiB.")
            return nil
        }
    }
}
