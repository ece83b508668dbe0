import OpenIDConnect
import WebLogin

/// One registration for each of eight providers. What is usual for a provider is set by its address.
enum Providers {
    static func google(at login: WebLogin) throws {
        try login.register(
            "google", title: "Google", clientID: "YOUR_CLIENT_ID", clientSecret: "YOUR_CLIENT_SECRET",
            serverMetadataURL: "https://accounts.google.com/.well-known/openid-configuration"
        ) { registration in
            registration.restrict(toHostedDomain: "example.com")
        }
    }

    static func keycloak(at login: WebLogin) throws {
        try login.register(
            "keycloak", title: "Keycloak", clientID: "YOUR_CLIENT_ID", clientSecret: "YOUR_CLIENT_SECRET",
            serverMetadataURL: "https://idp.example/realms/REALM/.well-known/openid-configuration")
    }

    static func entra(at login: WebLogin) throws {
        let tenant = "00000000-0000-0000-0000-000000000000"
        try login.register(
            "entra", title: "Microsoft", clientID: "YOUR_CLIENT_ID", clientSecret: "YOUR_CLIENT_SECRET",
            serverMetadataURL: "https://login.microsoftonline.com/\(tenant)/v2.0/.well-known/openid-configuration")
    }

    static func apple(at login: WebLogin, key: ClientKeyFile) throws {
        try login.register(
            "apple", title: "Apple", clientID: "com.example.service", clientSecret: nil,
            serverMetadataURL: "https://appleid.apple.com/.well-known/openid-configuration"
        ) { registration in
            registration.client.clientKey = key.clientKey
            registration.client.appleTeamID = AppleTeamID("ABCDE12345")
        }
    }

    static func okta(at login: WebLogin) throws {
        try login.register(
            "okta", title: "Okta", clientID: "YOUR_CLIENT_ID", clientSecret: "YOUR_CLIENT_SECRET",
            serverMetadataURL: "https://YOUR_ORG.okta.com/.well-known/openid-configuration",
            scopes: Scope.list("openid profile email groups"))
    }

    static func auth0(at login: WebLogin) throws {
        try login.register(
            "auth0", title: "Auth0", clientID: "YOUR_CLIENT_ID", clientSecret: "YOUR_CLIENT_SECRET",
            serverMetadataURL: "https://YOUR_TENANT.eu.auth0.com/.well-known/openid-configuration"
        ) { registration in
            registration.roles = RoleMapping([RoleMapping.Source(["https://app.example/roles"])])
        }
    }

    static func lsLogin(at login: WebLogin) throws {
        try login.register(
            "ls-login", title: "LS Login", clientID: "YOUR_CLIENT_ID", clientSecret: "YOUR_CLIENT_SECRET",
            serverMetadataURL: "https://login.aai.lifescience-ri.eu/oidc/.well-known/openid-configuration")
    }

    static func gitLab(at login: WebLogin) throws {
        try login.register(
            "gitlab", title: "GitLab", clientID: "YOUR_CLIENT_ID", clientSecret: "YOUR_CLIENT_SECRET",
            serverMetadataURL: "https://gitlab.com/.well-known/openid-configuration")
    }
}
