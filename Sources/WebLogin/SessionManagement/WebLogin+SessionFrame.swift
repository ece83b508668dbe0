import HTTPMessages
import OpenIDConnect

extension WebLogin {
    /// The frame that watches the session at the provider: for pages of users for whom ``watchesSession(of:)`` is true,
    /// `<iframe src="/login/session" hidden>`, with `frame-src 'self'` in their Content-Security-Policy.
    public static let sessionFramePath = "/login/session"
    static let sessionScriptPath = "/login/session.js"
    static let sessionCheckPath = "/login/session/check"

    /// Whether a page of this user should have the frame.
    public func watchesSession(of user: LoginSession) -> Bool {
        user.sessionState != nil && provider(named: user.provider)?.registration.watchesSession ?? false
    }

    /// `GET /login/session`: the page in the frame. It has a frame of its own, the provider's, and asks it every five seconds
    /// whether anything has changed (Session Management §3.1).
    func sessionFrame(_ request: HTTPRequest) async -> HTTPResponse {
        guard let user = try? await session(of: request), watchesSession(of: user), let state = user.sessionState,
            let provider = provider(named: user.provider),
            let frame = try? await provider.client().metadata.checkSessionIframe
        else {
            return Self.framePage("<title>No session</title>", policy: "default-src 'none'")
        }
        let client = provider.registration.client.clientID.string
        return Self.framePage(
            """
            <title>Session</title>
            <iframe id="provider" title="\(htmlEscaped(provider.choice.title))" src="\(htmlEscaped(frame.string))"></iframe>
            <script src="\(Self.sessionScriptPath)" data-message="\(htmlEscaped(client + " " + state))" \
            data-origin="\(htmlEscaped(frame.origin))" data-check="\(Self.sessionCheckPath)"></script>
            """,
            policy: "default-src 'none'; script-src 'self'; frame-src \(frame.origin)")
    }

    private static func framePage(_ content: String, policy: String) -> HTTPResponse {
        var response = HTTPResponse.html("<!DOCTYPE html><html lang=\"en\"><meta charset=\"utf-8\">\(content)</html>\n")
        response.fields.append(
            .contentSecurityPolicy, policy + "; frame-ancestors 'self'; base-uri 'none'; form-action 'none'")
        response.fields.append(.xContentTypeOptions, "nosniff")
        return response.uncached()
    }

    /// `GET /login/session.js`: asks, and where the provider says `changed`, has the page around the frame go and look. An
    /// `error` ends the asking: nothing may be done then (Session Management §3.1).
    static func sessionScript(_ request: HTTPRequest) -> HTTPResponse {
        var response = HTTPResponse.text(
            """
            "use strict";
            const { message, origin, check } = document.currentScript.dataset;
            const provider = document.getElementById("provider");
            const ask = () => provider.contentWindow.postMessage(message, origin);
            const timer = setInterval(ask, 5000);
            provider.addEventListener("load", ask);
            window.addEventListener("message", (event) => {
              if (event.origin !== origin || event.source !== provider.contentWindow) return;
              if (event.data === "unchanged") return;
              clearInterval(timer);
              if (event.data !== "changed") return;
              const page = window.parent.location;
              page.assign(check + "?next=" + encodeURIComponent(page.pathname + page.search));
            });

            """, contentType: "text/javascript; charset=utf-8")
        response.fields.append(.xContentTypeOptions, "nosniff")
        response.fields.append(.cacheControl, "public, max-age=3600")
        return response
    }
}
