import ByteText
import HTTPMessages
import WebLogin

extension Pages {
    func failure(_ failure: LoginFailure) -> HTTPResponse {
        let startsAgain = !failure.retryPath.isExactly("/")
        let retry: HTML? =
            startsAgain ? "<a class=\"button primary\" href=\"\(link: failure.retryPath)\">Try again</a>\n" : nil
        let start: HTML = "<a class=\"\(startsAgain ? "button" : "button primary")\" href=\"/\">Start page</a>"
        return PageFrame(
            title: "This did not work",
            content: """
                <section class="card">
                \(Artwork.alert)
                <h1>\(heading(failure.code))</h1>
                <p class="lead">\(.foreign(failure.summary, limit: 600))</p>
                <h2>What to do</h2>
                <p>\(.foreign(failure.remedy, limit: 600))</p>
                <p class="actions">\(retry)\(start)</p>
                \(requestNumber)
                \(operatorDetails(failure))
                </section>
                """
        ).response(status: failure.status)
    }

    /// By what number whoever runs the app finds this in the log.
    private var requestNumber: HTML? {
        CurrentRequest.value.map { "<p>If you ask for help, quote this number: <code>\($0.id)</code></p>" }
    }

    private func heading(_ code: LoginFailure.Code) -> HTML {
        switch code {
        case .unknownProvider: "There is no such provider"
        case .unsafeNext: "That way leads out of this app"
        case .notANavigation, .loginRequired: "You are not logged in"
        case .malformedCallback, .noTransaction, .foreignState, .issuerMismatch, .idTokenRefused, .userInfoRefused:
            "You could not be logged in"
        case .transactionExpired: "That took too long"
        case .stepUpInsufficient: "That login does not suffice"
        case .foreignRequest: "Another site asked for this"
        case .unreadableSession: "You may not be logged out"
        case .accessTokenEnded: "Your access has ended"
        case .refreshRefused, .providerSessionEnded: "You are logged out"
        case .logoutRefused: "This logout cannot be trusted"
        case .transactionUsed: "This login is over already"
        case .providerRefused, .tokenRequestRefused: "The provider refused"
        case .providerMalformed: "The provider’s answer makes no sense"
        case .providerUnavailable: "The provider cannot be reached"
        case .sessionsUnavailable: "Nobody can log in just now"
        case .sessionTooLarge: "Your session does not fit"
        }
    }

    /// 404: no route has the path.
    func notFound() -> HTTPResponse {
        plainProblem(
            title: "Not found", heading: "There is no such page",
            words: "The address may have a slip of the pen in it.", status: 404)
    }

    /// 405: the route does not know the method. What it knows stands in `Allow` (RFC 9110 §15.5.6).
    func methodNotAllowed(allow: String?) -> HTTPResponse {
        var response = plainProblem(
            title: "Not possible", heading: "This page does not work that way",
            words: "The browser asked in a way that this page does not answer.", status: 405)
        response.fields[.allow] = allow
        return response
    }

    /// 500: the app failed.
    func broken() -> HTTPResponse {
        plainProblem(
            title: "Something broke", heading: "Something broke here",
            words: "It is not your doing. Whoever runs this app finds more in its log.", status: 500)
    }

    private func plainProblem(title: StaticString, heading: HTML, words: HTML, status: Int) -> HTTPResponse {
        PageFrame(
            title: title,
            content: """
                <section class="card">
                \(Artwork.alert)
                <h1>\(heading)</h1>
                <p class="lead">\(words)</p>
                <p class="actions"><a class="button primary" href="/">Start page</a></p>
                </section>
                """
        ).response(status: status)
    }
}
