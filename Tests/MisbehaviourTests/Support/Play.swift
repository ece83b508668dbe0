import Foundation
import HTTPMessages
import MisbehavingProvider
import ProgramSupport

/// What was seen of a row: in the browser, at the provider, and in the app's log.
struct Sighting: Sendable {
    var outcome = Outcome.accepted
    /// Every answer of the app.
    var statuses: [Int] = []
    var longestAnswer = Duration.zero
    /// Everything that the app showed.
    var pages = ""
    var log = ""
    /// How often each login was refused, by the log.
    var refusals = 0
    var exitStatus: Int32 = 0
    var record = Record()
    /// The answer at which the last login ended.
    var lastLoginStatus = 0
    /// The page that told of the last refusal.
    var refusal: RefusalPage?
    /// How the last login went, as the app tells it.
    var trace = ""
    /// What is plain text: that, as it may be posted, and the metrics.
    var plainTexts = ""
    /// The start page, after everything.
    var lastPage = ""
    var isLoggedIn = false
}

extension Row {
    /// Starts provider and app, plays the browser through the logins, and ends both.
    func play() async throws -> Sighting {
        let app = try await DemoApp.start(at: misbehaviour, settings: settings)
        var sighting = Sighting()
        do {
            let browser = try SmallBrowser()
            defer { browser.close() }
            var visit = Visit(app: app, browser: browser, begin: try begin?(app) ?? "/login")
            for _ in 0..<logins { try await visit.logIn() }
            visit.sighting.trace = try await visit.open("/login/trace").text
            for place in ["/login/trace.txt", "/metrics"] {
                visit.sighting.plainTexts += try await browser.send(app.origin + place).text
            }
            for place in ["/sessions", "/"] { try await visit.open(place) }
            sighting = visit.sighting
        } catch {
            _ = await app.end()
            throw error
        }
        let (status, log) = await app.end()
        sighting.exitStatus = status
        sighting.log = log
        sighting.record = app.provider.record
        let refusals = log.matches(of: /login\.failed .*?status=([0-9]+) rule=(\S+)/)
        sighting.refusals = refusals.count
        let isLoggedIn = sighting.lastPage.contains(MisbehavingProvider.subject)
        if let refusal = refusals.last {
            sighting.outcome = .refused(rule: String(refusal.2), status: sighting.lastLoginStatus)
        }
        sighting.isLoggedIn = isLoggedIn
        return sighting
    }
}

/// A browser on its way through a login.
private struct Visit {
    let app: DemoApp
    let browser: SmallBrowser
    /// Where the login begins.
    let begin: String
    var sighting = Sighting()

    /// `/login`, the provider, the callback, and where it leads.
    mutating func logIn() async throws {
        let start = try await open(begin)
        sighting.lastLoginStatus = start.status
        guard let authorization = start.location else { return }
        let answer = try await browser.send(authorization)
        var end: (status: Int, location: String?, text: String)
        if let callback = answer.location {
            end = try await open(callback)
        } else if answer.text.contains("<form") {
            let (action, fields) = try SmallBrowser.form(on: answer.text)
            end = try await open(action, form: fields.encoded)
            // Once more through the browser, now with its cookies.
            if let onward = end.location, onward != "/" { end = try await open(onward) }
        } else {
            return
        }
        sighting.lastLoginStatus = end.status
        if let home = end.location { try await open(home) }
    }

    /// An answer of the app.
    @discardableResult
    mutating func open(
        _ place: String, form: String? = nil
    ) async throws -> (status: Int, location: String?, text: String) {
        let clock = ContinuousClock()
        let begin = clock.now
        let answer = try await browser.send(
            place.hasPrefix("/") ? app.origin + place : place, form: form, crossSite: form != nil)
        sighting.longestAnswer = max(sighting.longestAnswer, clock.now - begin)
        sighting.statuses.append(answer.status)
        sighting.pages += answer.text
        sighting.lastPage = answer.text
        if answer.status >= 400, let refusal = RefusalPage(answer.text) { sighting.refusal = refusal }
        return answer
    }
}
