extension ProviderProblem {
    var atOkta: String? {
        switch self {
        case .redirectURI:
            """
            Okta Admin Console → Applications → your app → General → Sign-in redirect URIs: add the \
            address to the byte.
            """
        case .client:
            """
            Okta Admin Console → Applications → your app → General → Client Credentials: copy the \
            client ID and an active secret; the method there has to be the one used here.
            """
        case .grant:
            """
            A code serves once. A refresh token rotates, and its old value ends: Applications → your \
            app → General → Refresh token.
            """
        case .unauthorizedClient:
            """
            Okta Admin Console → Applications → your app → General → Grant type: allow Authorization \
            Code, and Refresh Token where offline_access is asked for.
            """
        case .accessDenied:
            """
            The user has to be assigned to the app (Applications → your app → Assignments), and a \
            custom authorization server needs an access policy with a rule for it: Security → API → \
            Authorization Servers → Access Policies.
            """
        case .scope:
            """
            A custom authorization server knows only its own scopes: Security → API → Authorization \
            Servers → yours → Scopes. The organisation's server needs groups allowed under your \
            app's Sign On.
            """
        case .issuer:
            """
            https://DOMAIN is the organisation's authorization server, https://DOMAIN/oauth2/default \
            a custom one: copy the Issuer from Security → API. With a custom domain, set the \
            server's Issuer to that and not to Dynamic.
            """
        case .metadata:
            """
            Check the authorization server's name in the address: \
            https://DOMAIN/oauth2/SERVER/.well-known/openid-configuration.
            """
        case .algorithm:
            """
            Okta signs ID Tokens with RS256: take ID_TOKEN_SIGNED_RESPONSE_ALG out, or compare with \
            the app's General settings.
            """
        case .userInfo:
            """
            UserInfo takes tokens with the scope openid only, and of the same authorization server.
            """
        case .emailMissing: "Ask for the scope email; the user's Okta profile has to have one."
        default: nil
        }
    }

    var atAuth0: String? {
        switch self {
        case .redirectURI:
            """
            Auth0 Dashboard → Applications → your app → Settings → Allowed Callback URLs: add the \
            address to the byte.
            """
        case .client:
            """
            Auth0 Dashboard → Applications → your app: copy Client ID and Client Secret from \
            Settings, and choose the authentication method under Credentials; the type has to be \
            Regular Web Application.
            """
        case .grant:
            """
            A code serves once. With rotation, an old refresh token ends all of its family: \
            Applications → your app → Settings → Refresh Token.
            """
        case .unauthorizedClient:
            """
            Auth0 Dashboard → Applications → your app → Settings → Advanced Settings → Grant Types: \
            allow Authorization Code. A connection has to be on under Connections.
            """
        case .accessDenied:
            """
            An Action or Rule denied the login, or the user said no: Dashboard → Monitoring → Logs \
            says which.
            """
        case .scope: "Auth0 knows the standard scopes; an API's own are asked for with its audience."
        case .issuer:
            """
            Auth0's issuer ends with a slash: https://TENANT.REGION.auth0.com/. With a custom \
            domain, use that in SERVER_METADATA_URL.
            """
        case .metadata:
            """
            Check the tenant and the region in the address: \
            https://TENANT.REGION.auth0.com/.well-known/openid-configuration.
            """
        case .algorithm:
            """
            Auth0 Dashboard → Applications → your app → Settings → Advanced Settings → OAuth → JSON \
            Web Token Signature Algorithm: RS256. Or set ID_TOKEN_SIGNED_RESPONSE_ALG=HS256.
            """
        case .userInfo:
            """
            UserInfo takes tokens that have the scope openid; with an API's audience, the API has to \
            sign with RS256.
            """
        case .emailMissing: "Ask for the scope email; connections such as passwordless SMS have none."
        default: nil
        }
    }

    var atLSLogin: String? {
        switch self {
        case .redirectURI:
            """
            Change the service's redirect URIs where it was registered at LS Login, and wait until \
            that is approved.
            """
        case .client:
            """
            Compare the client ID and the secret with those of the registration; test and production \
            services have different ones.
            """
        case .unauthorizedClient: "Register the authorization code flow with PKCE S256 for the service."
        case .accessDenied:
            """
            The service may be for members of a group only, or is still in the test environment, \
            which wants every user to be added.
            """
        case .scope: "Each scope has to be registered for the service; leave others out of SCOPE."
        case .issuer: "The issuer is https://login.aai.lifescience-ri.eu/oidc/, with the slash."
        default: nil
        }
    }

    var atGitLab: String? {
        switch self {
        case .redirectURI:
            """
            GitLab → the application (user settings, group settings or Admin → Applications) → \
            Redirect URI: add the address, one a line.
            """
        case .client:
            """
            GitLab → the application: copy Application ID and Secret; the secret is shown once, and \
            can be renewed there. Confidential has to be on.
            """
        case .grant: "A code serves once and for ten minutes, and a refresh token once."
        case .unauthorizedClient:
            """
            The application has to be Confidential, and not be removed or blocked by an \
            administrator.
            """
        case .accessDenied: "The user said no, or an administrator has not approved their account."
        case .scope: "Choose openid, profile and email in the application's Scopes, and ask for no others."
        case .issuer: "GitLab's issuer is its external_url (gitlab.rb), to the byte."
        case .idTokenMissing: "Choose openid in the application's Scopes, and have openid in SCOPE."
        case .userInfo: "Choose openid in the application's Scopes."
        case .emailMissing:
            """
            GitLab sends email with the scope email: the user's primary address, once it is \
            confirmed.
            """
        default: nil
        }
    }
}
