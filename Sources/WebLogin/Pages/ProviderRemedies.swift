// What each provider's own pages call things. Sources: the pages that docs/providers/*.md link, one file a provider.

extension ProviderProblem {
    var atGoogle: String? {
        switch self {
        case .redirectURI:
            """
            Google Cloud console → Google Auth Platform → Clients → your client → Authorized \
            redirect URIs: add the address to the byte.
            """
        case .client:
            """
            Google Cloud console → Google Auth Platform → Clients → your client: copy the client ID, \
            and the secret; an old secret may have been disabled there.
            """
        case .grant:
            """
            A code serves once. While the app's publishing status is Testing, refresh tokens end \
            after seven days: Google Auth Platform → Audience → Publish app.
            """
        case .unauthorizedClient:
            """
            The client has to be of the type Web application: Google Cloud console → Google Auth \
            Platform → Clients.
            """
        case .accessDenied:
            """
            While the publishing status is Testing, only test users may log in: Google Cloud console \
            → Google Auth Platform → Audience → Test users. In a Workspace, the administrator may \
            have blocked the app: Admin console → Security → API controls.
            """
        case .scope: "Google knows openid, email and profile, and no roles: leave others out of SCOPE."
        case .issuer: "Google's issuer is https://accounts.google.com, without a slash at the end."
        case .organization:
            """
            The account belongs to another organisation than HOSTED_DOMAIN, or to none: choose \
            another account, or correct the setting. It is compared with the claim hd, the \
            Workspace's primary domain.
            """
        case .emailMissing: "Ask for the scope email."
        default: nil
        }
    }

    var atKeycloak: String? {
        switch self {
        case .redirectURI:
            """
            Keycloak admin console → Clients → your client → Settings → Valid redirect URIs: add the \
            address to the byte.
            """
        case .client:
            """
            Keycloak admin console → Clients → your client → Credentials: copy the client secret. \
            Client authentication has to be on in Settings, and the method the one chosen under \
            Credentials.
            """
        case .grant:
            """
            A code serves once and for a minute. A refresh token ends with its session: Realm \
            settings → Sessions. Behind several nodes, see that they share their caches.
            """
        case .unauthorizedClient:
            """
            Keycloak admin console → Clients → your client → Settings → Capability config: switch \
            Standard flow on. Of a wrong client secret it says the same: copy it from Credentials.
            """
        case .accessDenied:
            """
            The user said no, or an authentication flow of the realm denies: Authentication → Flows.
            """
        case .scope:
            """
            Keycloak admin console → Clients → your client → Client scopes: add the scope, or leave \
            it out of SCOPE.
            """
        case .issuer:
            """
            Keycloak takes its issuer from its option hostname, else from the request: start it with \
            --hostname=https://…, the address that browsers use, and set SERVER_METADATA_URL to \
            that. Where the app reaches it by another address, set the endpoints apart \
            (TOKEN_ENDPOINT, JWKS_URI, USERINFO_ENDPOINT). Before Keycloak 17 the path began with \
            /auth.
            """
        case .metadata:
            """
            Check the realm in the address: \
            https://HOST/realms/REALM/.well-known/openid-configuration. Keys: Realm settings → Keys.
            """
        case .audience:
            """
            CLIENT_ID has to be the Client ID. A mapper of the type Audience puts others into aud: \
            Clients → your client → Client scopes → …-dedicated → Mappers: switch its Add to ID \
            token off, or name them in TRUSTED_AUDIENCES.
            """
        case .algorithm:
            """
            Keycloak admin console → Clients → your client → Advanced → Fine grain OpenID Connect \
            configuration → ID token signature algorithm: RS256, or set ID_TOKEN_SIGNED_RESPONSE_ALG \
            to what stands there.
            """
        case .idTokenMissing: "SCOPE has to have openid."
        case .userInfo:
            """
            The access token is not taken: the user's session has ended in Keycloak, or the token's \
            issuer is another hostname than the one asked. Set Keycloak's hostname.
            """
        case .emailMissing:
            """
            The user has no e-mail in Keycloak (Users → the user → Details), or the client scope \
            email is missing.
            """
        default: nil
        }
    }

    var atEntra: String? {
        switch self {
        case .redirectURI:
            """
            Microsoft Entra admin center → App registrations → your app → Authentication: add a \
            platform Web with the redirect URI, to the byte (AADSTS50011).
            """
        case .client:
            """
            Microsoft Entra admin center → App registrations → your app → Certificates & secrets: \
            the secret's Value is wanted, not its Secret ID (AADSTS7000215), and it must not have \
            expired (AADSTS7000222). The Value is shown once: make a new secret if it is lost.
            """
        case .grant:
            """
            A code serves once and for ten minutes. A refresh token is revoked when the password \
            changes or a policy says so: log in again.
            """
        case .unauthorizedClient:
            """
            The app is not known in this tenant (AADSTS700016), or its supported account types do \
            not allow this account: App registrations → your app → Authentication → Supported \
            account types. Compare the tenant in SERVER_METADATA_URL.
            """
        case .accessDenied:
            """
            The tenant wants an administrator's consent (AADSTS65001, AADSTS90094): Enterprise \
            applications → your app → Permissions → Grant admin consent. With Assignment required, \
            the user has to be assigned (AADSTS50105): Users and groups.
            """
        case .scope:
            """
            Entra takes openid, profile, email and offline_access beside the names of an API's \
            permissions. Roles and groups are no scopes: App registrations → your app → App roles, \
            Token configuration.
            """
        case .issuer:
            """
            Use the v2.0 address, \
            https://login.microsoftonline.com/TENANT/v2.0/.well-known/openid-configuration, with the \
            Directory (tenant) ID; without /v2.0 the issuer is https://sts.windows.net/TENANT/. For \
            several tenants set PROVIDER_KIND=entra, with organizations in place of TENANT, and \
            ALLOWED_TENANTS.
            """
        case .audience:
            """
            The ID Token has to be made out to the Application (client) ID: set CLIENT_ID to that, \
            and not to an Application ID URI.
            """
        case .metadata:
            """
            Check the tenant in the address. An app with keys of its own (claims mapping) needs \
            ?appid=… there, which is not supported here.
            """
        case .organization:
            """
            The account's tenant is not among ALLOWED_TENANTS: compare the claim tid with the \
            Directory (tenant) IDs there.
            """
        case .userInfo:
            """
            Entra's UserInfo takes only tokens for Microsoft Graph: leave scopes of other APIs out \
            of SCOPE, or set USERINFO=off; the ID Token has what UserInfo has.
            """
        case .emailMissing:
            """
            Entra sends email only for accounts that have one, as an optional claim: App \
            registrations → your app → Token configuration → Add optional claim → ID → email. It is \
            not verified: identify users by iss and sub.
            """
        default: nil
        }
    }

    var atApple: String? {
        switch self {
        case .redirectURI:
            """
            Apple Developer → Certificates, Identifiers & Profiles → Identifiers → your Services ID \
            → Sign in with Apple → Configure: add the domain and the Return URL. It has to be https, \
            and no localhost and no IP address.
            """
        case .client:
            """
            CLIENT_ID is the Services ID, not the App ID. APPLE_TEAM_ID is under Membership details, \
            APPLE_KEY_ID under Keys, and CLIENT_KEY_FILE is that key's .p8; the key must have Sign \
            in with Apple for the same primary App ID and not be revoked. This machine's clock has \
            to be right.
            """
        case .grant:
            """
            A code serves once and for five minutes, and the redirect URI has to be the one that was \
            sent.
            """
        case .unauthorizedClient: "Switch Sign in with Apple on for the Services ID and its primary App ID."
        case .accessDenied: "The user cancelled: Apple says user_cancelled_authorize."
        case .scope: "Apple knows openid, name and email: leave profile and roles out of SCOPE."
        case .issuer: "Apple's issuer is https://appleid.apple.com, without a slash at the end."
        case .emailMissing:
            """
            Apple sends email only when the scope email was asked for at the first consent; it may \
            be a relay address. To be asked again: Settings → Apple Account → Sign in with Apple → \
            stop using the app.
            """
        default: nil
        }
    }
}
