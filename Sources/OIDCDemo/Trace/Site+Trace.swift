import HTTPMessages
import WebLogin

extension Site {
    /// `GET /login/trace`: how the last login of this browser went.
    func trace(_ request: HTTPRequest) async -> HTTPResponse {
        await withLastLogin(of: request) { $0.map(pages.trace) ?? pages.noTrace() }
    }

    /// `GET /login/trace.txt`: the same as plain text, to be posted.
    func traceText(_ request: HTTPRequest) async -> HTTPResponse {
        await withLastLogin(of: request) { trace in
            .text(trace.map { SupportText($0).text } ?? "There is no login to show.\n")
        }
    }

    private func withLastLogin(
        of request: HTTPRequest, _ answer: (LoginTrace?) -> HTTPResponse
    ) async -> HTTPResponse {
        do {
            return answer(try await login.lastLogin(of: request))
        } catch {
            operations.log.write(LogEntry(.sessionsFailed, ["error": "\(error)"]))
            return pages.failure(.sessionsUnavailable)
        }
    }
}
