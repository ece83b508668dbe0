/// What the command line asks for.
enum CommandLineOptions: Sendable, Hashable {
    /// Serve, with the settings of a file where one is named.
    case serve(environmentFile: String?)
    case help
    case version

    /// Reads the arguments without the program's name.
    ///
    /// Throws a problem for an argument that is not known, or an option without its value.
    init(_ arguments: [String]) throws(SettingProblem) {
        var file: String?
        var rest = arguments[...]
        while let argument = rest.popFirst() {
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
            case _ where argument.hasPrefix("--env-file="): file = String(argument.dropFirst(11))
            default:
                throw SettingProblem(
                    .unknown, "The argument", "\(quoted(argument)) is none that oidc-demo knows",
                    remedy: "See oidc-demo --help.")
            }
        }
        self = .serve(environmentFile: file)
    }

    static let helpText = """
        oidc-demo \(About.version): logs browsers in with OpenID Connect, and shows what the provider says of the user.

        usage: oidc-demo [--env-file FILE] [--help] [--version]

        Settings come from the environment, or from FILE with lines of KEY=VALUE; the environment goes first.
        Without any, a development provider with three ready users starts beside the app.

        One provider, registered as oidc_entry:
          CLIENT_ID, CLIENT_SECRET        what the provider gave at registration
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
        The app:
          PUBLIC_URL                      where browsers reach it; usually http://localhost:PORT
          HOST, PORT                      where it listens; usually 127.0.0.1 and 8000
          TRUSTED_PROXIES                 addresses and ranges, such as 10.0.0.0/8, or loopback: who is believed when
                                          X-Forwarded-For or Forwarded says where a request comes from; usually nobody
          SECRET_KEY                      secrets of at least 32 bytes, with commas between them: the first seals
                                          cookies, all open them; made and kept in DATA_DIR where there is none
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
          CA_FILE                         certificate authorities to trust in place of the system's, as PEM

        """
}
