import HTTPMessages
import JOSE
import Sessions
import WebLogin

extension Site {
    /// `GET /userinfo`: what the provider says of the user now, asked with a fresh access token.
    func userInfo(_ request: HTTPRequest) async -> HTTPResponse {
        do throws(LoginFailure) {
            guard let claims = try await login.userInfo(of: request) else {
                return Self.json(["error": "login_required"], status: 401)
            }
            return Self.json(claims)
        } catch {
            // That a session is over is told once, when it ends.
            if error.code != .refreshRefused { operations.note(.failed(error)) }
            return Self.json(
                ["error": .string(error.rule), "error_description": .string(error.summary)], status: error.status)
        }
    }

    /// `GET /sessions`: the user's sessions.
    func sessions(_ request: HTTPRequest) async -> HTTPResponse {
        await answering { () async throws(LoginFailure) in
            guard let sessions = try await login.activeSessions(of: request) else {
                return login.loginRequired(request)
            }
            let titles = Dictionary(login.choices.map { ($0.name, $0.title) }) { first, _ in first }
            return pages.sessions(sessions, titles: titles)
        }
    }

    /// `POST /sessions/end`: ends one.
    func endSession(_ request: HTTPRequest) async -> HTTPResponse {
        await answering { () async throws(LoginFailure) in
            let form = try? request.formParameters
            if let handle = form?["session"].flatMap({ SessionHandle($0) }) {
                try await login.endSession(handle, for: request)
            }
            return .seeOther("/sessions")
        }
    }

    /// `POST /sessions/end-all`: ends all.
    func endAllSessions(_ request: HTTPRequest) async -> HTTPResponse {
        await answering { () async throws(LoginFailure) in try await login.logoutEverywhere(request) }
    }

    private func answering(_ body: () async throws(LoginFailure) -> HTTPResponse) async -> HTTPResponse {
        do throws(LoginFailure) {
            return try await body()
        } catch {
            operations.note(.failed(error))
            return pages.failure(error)
        }
    }

    private static func json(_ object: JSONObject, status: Int = 200) -> HTTPResponse {
        var response = HTTPResponse(status: status, body: JSONValue.object(object).serialized())
        response.fields[.contentType] = "application/json"
        return response
    }
}
