import ByteText
import JOSE
import OpenIDConnect
import WebLogin

/// What the settings say of one provider.
struct ProviderSettings: Sendable {
    let name: ProviderName
    let title: String
    let clientID: ClientID
    /// `nil` for a public client.
    let clientSecret: ClientSecret?
    let serverMetadata: MetadataLocation
    /// `nil`: the usual ones.
    let scopes: [Scope]?
    /// In place of the provider's `end_session_endpoint`.
    let logoutURL: EndpointURL?
    /// Whether the browser goes there by `POST`.
    let logsOutByPost: Bool
    /// Whether pages watch the session at the provider.
    let watchesSession: Bool
    /// Which claims are roles; `nil`: the usual ones.
    let roles: RoleMapping?
    /// `nil`: what the provider's metadata says.
    let tokenEndpointAuthMethod: ClientAuthenticationMethod?
    /// The file with the key of `private_key_jwt`, found good at the start.
    let clientKeyFile: ClientKeyFile?
    /// `nil`: what the provider's metadata says.
    let tokenEndpointAuthSigningAlg: JWSAlgorithm?
    let clientAssertionAudience: ClientAssertionAudience
    /// `nil`: what the provider's metadata says.
    let idTokenSignedResponseAlg: JWSAlgorithm?
    /// What each authorization request asks for.
    let options: AuthorizationOptions
    /// How the UserInfo endpoint is asked; `nil`: not at all.
    let userInfo: BearerTokenPlacement?
    /// `nil`: plain JSON, or signed as ID Tokens are.
    let userInfoSignedResponseAlg: JWSAlgorithm?
    /// In seconds.
    let clockSkew: Int
    /// A PEM file of certificate authorities to trust beside those of all providers.
    let certificateAuthorityFile: String?
    /// What is the provider's own.
    let specifics: ProviderSpecifics
}

extension ProviderSettings {
    /// Reads the settings of the provider; `reader` stands at its prefix and keeps the problems. `nil` where a needed
    /// setting has one.
    init?(named name: ProviderName, title usualTitle: String?, from reader: inout SettingsReader) {
        reader.refuseWhatComesLater()
        reader.take(.clientSecret, fromFileOf: .clientSecretFile)
        let clientID = reader.required(
            .clientID, hasToBe: "at most 1,024 visible ASCII characters", example: "my-client",
            remedy: "Set it to the client identifier that the provider gave at registration.", ClientID.init)
        let plainHTTP = reader.plainHTTP()
        let metadata = reader.serverMetadata(plainHTTP)
        let specifics = ProviderSpecifics(at: metadata, plainHTTP: plainHTTP, from: &reader)
        self.specifics = specifics
        let method = reader.optional(
            .tokenEndpointAuthMethod,
            hasToBe: "one of " + ClientAuthenticationMethod.allCases.map(\.rawValue).joined(separator: ", "),
            example: "client_secret_basic", ClientAuthenticationMethod.init(rawValue:))
        let secret = reader.clientSecret(method: method)

        self.name = name
        // Without a name in front it is everybody's.
        certificateAuthorityFile = reader.prefix.isEmpty ? nil : reader.text(.certificateAuthorityFile)
        scopes = reader.scopes()
        logoutURL = reader.optional(
            .logoutURL, hasToBe: "an https URL (http on this machine only)", example: "https://provider.example/logout"
        ) { EndpointURL($0) }
        logsOutByPost =
            reader.optional(.logoutMethod, hasToBe: "get or post", example: "get") {
                ["get": false, "post": true][$0.asciiLowercased]
            } ?? false
        watchesSession = reader.isOn(.sessionManagement)
        roles = reader.roles()
        tokenEndpointAuthMethod = method
        tokenEndpointAuthSigningAlg = reader.algorithm(.tokenEndpointAuthSigningAlg)
        clientKeyFile = reader.clientKeyFile(method: method, algorithm: tokenEndpointAuthSigningAlg)
        clientAssertionAudience =
            reader.optional(
                .clientAssertionAudience, hasToBe: "issuer or token_endpoint", example: "issuer",
                ClientAssertionAudience.init(rawValue:)) ?? .issuer
        idTokenSignedResponseAlg = reader.idTokenAlgorithm(hasSecret: reader.text(.clientSecret) != nil)
        userInfoSignedResponseAlg = reader.algorithm(.userinfoSignedResponseAlg)
        options = reader.authorizationOptions(specifics.kind)
        userInfo = reader.userInfo()
        clockSkew =
            reader.optional(.clockSkew, hasToBe: "a number of seconds up to 600", example: "60") {
                wholeNumber($0).flatMap { $0 <= 600 ? $0 : nil }
            } ?? 60
        guard let clientID, let metadata else { return nil }
        title = reader.text(.title) ?? usualTitle ?? metadata.url.host
        self.clientID = clientID
        clientSecret = secret
        serverMetadata = metadata
    }
}

extension SettingsReader {
    fileprivate mutating func plainHTTP() -> EndpointURL.PlainHTTP {
        optional(.plainHTTP, hasToBe: "on or off", example: "off") {
            ["on": EndpointURL.PlainHTTP.everywhere, "off": .onLoopback][$0.asciiLowercased]
        } ?? .onLoopback
    }

    fileprivate mutating func serverMetadata(_ plainHTTP: EndpointURL.PlainHTTP) -> MetadataLocation? {
        let issuer = optional(
            .issuer, hasToBe: "the issuer as the provider's metadata name it", example: "https://provider.example"
        ) { Issuer($0, plainHTTP: plainHTTP) }
        let wellKnown = "/.well-known/openid-configuration"
        return required(
            .serverMetadataURL, hasToBe: "an https URL (http on this machine only) that ends in \(wellKnown)",
            example: "https://accounts.google.com\(wellKnown)",
            remedy: "Set it to the provider's discovery address: its issuer, followed by \(wellKnown)."
        ) { text in
            let location = MetadataLocation(metadataURL: text, plainHTTP: plainHTTP)
            guard location != nil, let issuer else { return location }
            return MetadataLocation(metadataURL: text, of: issuer, plainHTTP: plainHTTP)
        }
    }

    fileprivate mutating func clientSecret(method: ClientAuthenticationMethod?) -> ClientSecret? {
        let secret = optional(
            .clientSecret, hasToBe: "at most 4,096 visible ASCII characters",
            example: "the text that the provider gave", ClientSecret.init)
        let isPublic = method == ClientAuthenticationMethod.none
        let hasKey = method == .privateKeyJWT || (method == nil && text(.clientKeyFile) != nil)
        switch (text(.clientSecret), isPublic) {
        case (nil, false) where !hasKey && text(.clientSecretFile) == nil:
            report(
                .missing, .clientSecret, "is not set",
                remedy: "Set it to the secret that the provider gave at registration, or, for a client without one, "
                    + "set \(name(.tokenEndpointAuthMethod))=none.")
        case (.some, true):
            report(
                .conflicting, .clientSecret, "is set, but \(name(.tokenEndpointAuthMethod))=none sends no secret",
                remedy: "Unset one of the two.")
        default: break
        }
        return secret
    }

    fileprivate mutating func scopes() -> [Scope]? {
        let scopes = optional(
            .scope, hasToBe: "scopes with spaces between them", example: "\"openid profile email\"", Scope.list)
        guard let scopes, !scopes.contains(.openid) else { return scopes }
        report(
            .malformed, .scope, "lacks “openid”, without which a provider does not log anybody in",
            remedy: "Put openid in front: \(name(.scope))=\"openid \(scopes.map(\.string).joined(separator: " "))\".")
        return nil
    }

    /// The key has to be there, and good, before anybody logs in with it.
    fileprivate mutating func clientKeyFile(
        method: ClientAuthenticationMethod?, algorithm: JWSAlgorithm?
    ) -> ClientKeyFile? {
        guard let path = text(.clientKeyFile) else {
            if method == .privateKeyJWT {
                report(
                    .missing, .clientKeyFile, "is not set, but private_key_jwt signs with it",
                    remedy: "Set it to a file with a private key, as PEM or as a JSON Web Key.")
            }
            return nil
        }
        if let method, method != .privateKeyJWT {
            report(
                .conflicting, .clientKeyFile, "is set, but \(method.rawValue) uses no key",
                remedy: "Unset it, or set \(name(.tokenEndpointAuthMethod))=private_key_jwt.")
            return nil
        }
        guard mayServe(path, for: .clientKeyFile) else { return nil }
        do {
            return try ClientKeyFile(path: path, algorithm: algorithm, keyID: text(.appleKeyID) ?? text(.clientKeyID))
        } catch {
            report(
                .unusable, .clientKeyFile, "does not serve: \(error.reason)",
                remedy: "Name a file with one private key without a passphrase, as PEM or as a JSON Web Key.")
            return nil
        }
    }

    fileprivate mutating func userInfo() -> BearerTokenPlacement? {
        let choices: [String: BearerTokenPlacement?] = ["on": .header, "form": .formBody, "off": .none]
        return optional(.userinfo, hasToBe: "on, form or off", example: "on") { choices[$0.asciiLowercased] } ?? .header
    }

    fileprivate mutating func algorithm(_ setting: Setting) -> JWSAlgorithm? {
        optional(
            setting, hasToBe: "one of " + JWSAlgorithm.allCases.map(\.rawValue).joined(separator: ", "),
            example: "ES256", JWSAlgorithm.init(rawValue:))
    }

    fileprivate mutating func idTokenAlgorithm(hasSecret: Bool) -> JWSAlgorithm? {
        let algorithm = algorithm(.idTokenSignedResponseAlg)
        guard let algorithm, algorithm.isSymmetric, !hasSecret else { return algorithm }
        report(
            .conflicting, .idTokenSignedResponseAlg,
            "is \(algorithm.rawValue), which is keyed with the client secret, and there is none",
            remedy: "Set \(name(.clientSecret)), or choose an algorithm with a public key, such as RS256.")
        return nil
    }

    fileprivate mutating func authorizationOptions(_ kind: ProviderKind) -> AuthorizationOptions {
        let locales = optional(
            .uiLocales, hasToBe: "language tags with spaces between them", example: "\"de-AT en\"", languageTags)
        return AuthorizationOptions(
            prompt: prompts(),
            maxAge: optional(.maxAge, hasToBe: "a number of seconds", example: "3600", wholeNumber),
            uiLocales: locales ?? [],
            acrValues: text(.acrValues).map { $0.utf8.words(separatedBy: " ").map(String.init) } ?? [],
            responseMode: optional(
                .responseMode, hasToBe: "query or form_post", example: "query", ResponseMode.init(rawValue:))
                ?? kind.usualResponseMode)
    }

    fileprivate mutating func prompts() -> [AuthorizationOptions.Prompt] {
        let prompts = optional(
            .prompt, hasToBe: "one or more of none, login, consent and select_account", example: "login"
        ) { text -> [AuthorizationOptions.Prompt]? in
            let parts = text.utf8.words(separatedBy: " ")
            let known = parts.compactMap { AuthorizationOptions.Prompt(rawValue: String($0)) }
            return known.count == parts.count ? known : nil
        }
        guard let prompts else { return [] }
        if prompts.count > 1, prompts.contains(.none) {
            report(
                .conflicting, .prompt, "has “none” beside another value (OIDC Core §3.1.2.1)",
                remedy: "Set \(name(.prompt))=none, or leave none out.")
        }
        return prompts
    }

    /// Settings of the design that this version does not follow yet are refused, so that nobody takes them for granted.
    fileprivate mutating func refuseWhatComesLater() {
        if let type = text(.responseType), !type.isExactly("code") {
            report(
                .unsupported, .responseType, "is \(quoted(type)); this version knows the code flow only",
                remedy: "Unset it, or set \(name(.responseType))=code.")
        }
        if text(.resource) != nil {
            report(.unsupported, .resource, "is set, but this version cannot use it yet", remedy: "Unset it.")
        }
    }
}

/// A whole number, not negative, without a sign.
func wholeNumber(_ text: String) -> Int? {
    text.utf8.allSatisfy { (0x30...0x39).contains($0) } ? Int(text) : nil
}

private func languageTags(_ text: String) -> [String]? {
    let tags = text.utf8.words(separatedBy: " ").map(String.init)
    let fit = tags.allSatisfy { tag in
        tag.utf8.count <= 35 && tag.utf8.allSatisfy { $0 == UInt8(ascii: "-") || isAlphanumeric($0) }
    }
    return fit ? tags : nil
}

private func isAlphanumeric(_ byte: UInt8) -> Bool {
    (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
}
