import ByteText

/// What the command line asks for.
enum CommandLineOptions: Sendable, Hashable {
    /// Serve, with the settings of a file where one is named.
    case serve(environmentFile: String?)
    /// Examine the configuration and its providers.
    case check(Check)
    case help
    case version

    /// What a check is about.
    struct Check: Sendable, Hashable {
        /// The name of the only provider to examine; `nil` for all.
        var provider: String?
        /// Whether the findings are for a program.
        var isJSON = false
        var environmentFile: String?
    }

    /// Reads the arguments without the program's name.
    ///
    /// Throws a problem for an argument that is not known, or an option without its value.
    init(_ arguments: [String]) throws(SettingProblem) {
        var file: String?
        var check: Check?
        var rest = arguments[...]
        while let argument = rest.popFirst() {
            // String: an argument of the command line.
            switch argument {
            case "--help", "-h":
                self = .help
                return
            case "--version":
                self = .version
                return
            case "--env-file":
                guard let next = rest.popFirst() else {
                    throw SettingProblem(
                        .missing, "--env-file", "lacks its file", remedy: "For example: oidc-demo --env-file .env")
                }
                file = next
            case "check" where check == nil: check = Check()
            case "--json" where check != nil: check?.isJSON = true
            case _ where argument.utf8.hasPrefix("--env-file="):
                file = argument.utf8.rest(after: "--env-file=").map(String.init)
            case _ where check != nil && check?.provider == nil && !argument.utf8.hasPrefix("-"):
                check?.provider = argument
            default:
                throw SettingProblem(
                    .unknown, "The argument", "\(quoted(argument)) is none that oidc-demo knows",
                    remedy: "See oidc-demo --help.")
            }
        }
        check?.environmentFile = file
        self = check.map { .check($0) } ?? .serve(environmentFile: file)
    }

    static let helpText = """
        oidc-demo \(About.version): logs browsers in with OpenID Connect, and shows what the provider says of the user.

        usage: oidc-demo [--env-file FILE] [--help] [--version]
               oidc-demo check [PROVIDER] [--json] [--env-file FILE]

        check examines the settings and every provider, or one, without anybody logging in, and says what to do.
        Its exit status is 0 where a login can work, 1 where one would fail, 2 where the settings are wrong.

        Settings come from the environment, or from FILE with lines of KEY=VALUE; the environment goes first.
        Without any, a development provider with three ready users starts beside the app, on this machine only.

        One provider, registered as oidc_entry:
          CLIENT_ID, CLIENT_SECRET        what the provider gave at registration
          CLIENT_SECRET_FILE              a file with the secret, in place of CLIENT_SECRET
          SERVER_METADATA_URL             its discovery address, …/.well-known/openid-configuration
        Several, each with its name in front of its settings:
          PROVIDERS                       such as google,keycloak; then GOOGLE_CLIENT_ID and so on
        Of each provider, as needed:
          TITLE                           what its button says
          SCOPE                           usually "openid profile email", and roles where the provider has it
          LOGOUT_URL                      in place of the provider's end_session_endpoint
          LOGOUT_METHOD                   get, or post to keep the ID Token out of the address
          SESSION_MANAGEMENT              on: the start page watches the session at the provider; usually off
          TOKEN_ENDPOINT_AUTH_METHOD      client_secret_basic, client_secret_post, client_secret_jwt,
                                          private_key_jwt or none; usually what the provider's metadata say
          CLIENT_KEY_FILE, CLIENT_KEY_ID  the key of private_key_jwt, as PEM or JWK, and its kid
          TOKEN_ENDPOINT_AUTH_SIGNING_ALG such as HS512 or PS256; usually the secret's HS256, or the key's own
          CLIENT_ASSERTION_AUDIENCE       issuer, or token_endpoint for providers that insist on it
          ID_TOKEN_SIGNED_RESPONSE_ALG    such as ES256; usually what the provider's metadata say
          RESPONSE_MODE                   query or form_post
          PROMPT, MAX_AGE, UI_LOCALES, ACR_VALUES
                                          sent with each login
          USERINFO                        on, off, or form to send the access token in a form
          USERINFO_SIGNED_RESPONSE_ALG    where the answer has to be signed
          ROLES                           claims that are roles, with commas between, each with =PREFIX behind it if it
                                          is to have one; usually roles,groups
          CLOCK_SKEW                      seconds that the clocks may be apart; usually 60
          PROVIDER_KIND                   google, keycloak, entra, apple, okta, auth0, ls-login, gitlab or other; usually
                                          known by the address
          HOSTED_DOMAIN                   Google: the one organisation whose accounts may log in
          ALLOWED_TENANTS                 Entra, with common or organizations in the address: tenant IDs, or * for all
          APPLE_TEAM_ID, APPLE_KEY_ID     Apple: with CLIENT_KEY_FILE, the .p8 file, the app makes the client secret
          OFFLINE_ACCESS                  on: asks for refresh tokens in the provider's way; usually off
          EMAIL_DOMAINS                   such as example.org,example.net: whose users log in here
          LOGO                            an SVG or PNG file for the button, at most 64 KiB
          ISSUER                          where SERVER_METADATA_URL is not the issuer's own address, as in containers
          AUTHORIZATION_ENDPOINT, TOKEN_ENDPOINT, USERINFO_ENDPOINT, JWKS_URI, END_SESSION_ENDPOINT
                                          in place of the metadata's
          TRUSTED_AUDIENCES               whom ID Tokens may be for beside the client; usually nobody
          PLAIN_HTTP                      on: its addresses may be http on a closed network; usually off
        The app:
          PUBLIC_URL                      where browsers reach it; usually http://localhost:PORT
          HOST, PORT                      where it listens; usually 127.0.0.1 and 8000
          TRUSTED_PROXIES                 addresses and ranges, such as 10.0.0.0/8, or loopback: who is believed when
                                          X-Forwarded-For or Forwarded says where a request comes from; usually nobody
          MAX_CONNECTIONS                 connections at a time; usually 512
          MAX_CONNECTIONS_PER_CLIENT      the same for one client, an IPv4 address or an IPv6 /64; requests in progress
                                          for a client of TRUSTED_PROXIES; usually half of MAX_CONNECTIONS
          IDLE_TIMEOUT                    seconds after which an idle connection is closed: longer than a proxy in front
                                          keeps one; usually 30
          SECRET_KEY                      secrets of at least 32 bytes, with commas between them: the first seals
                                          cookies, all open them; made and kept in DATA_DIR where there is none
          SECRET_KEY_FILE                 a file with them, in place of SECRET_KEY
          SESSION_STORE                   sqlite:PATH, redis://USER:PASSWORD@HOST:PORT/DB, unix:///PATH?db=N,
                                          memory; cookie, or cookie+ and one of these, which then
                                          keeps who has logged out; usually an SQLite file in DATA_DIR
          ADMIN_ROLE                      the role that sees the page /admin; usually admin
          FORWARD_AUTH                    on: a trusted proxy may ask at /auth who is logged in; usually off
          FORWARD_AUTH_RULES              and who may see what, such as "/admin=role:admin; /public=anyone; /=login",
                                          which switches it on
          DATA_DIR                        usually ~/.local/state/oidc-demo
          TRACE                           off, on or everyone: whose last login /login/trace shows to them; usually
                                          everyone's where PUBLIC_URL is this machine, else nobody's; on: elsewhere
                                          that of users with ADMIN_ROLE
          CA_FILE                         certificate authorities to trust in place of the system's, as PEM; with a
                                          provider's name in front, those to trust besides for that provider
          LOG_FORMAT                      text, or json; the log goes to standard error
          ACCESS_LOG                      on: a line for every request, without its query; usually off
          METRICS_ALLOW                   addresses and ranges, or loopback: who may read /metrics, and at /readyz why the
                                          app is not ready; usually loopback, and off where PUBLIC_URL is https

        Signals: SIGTERM and SIGINT end the app when what is under way is done; SIGHUP reads the secrets again.
        Exit status: 0 when all went as asked, 2 for a setting or an argument that will not do.

        """
}
