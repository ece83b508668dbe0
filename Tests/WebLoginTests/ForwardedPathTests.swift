import TestSupport
import Testing

@testable import WebLogin

@Suite("A path that a proxy asks about")
struct ForwardedPathTests {
    private func access(_ target: String, _ rules: String = "/admin=role:admin; /=anyone") throws
        -> ForwardAuthRules.Access
    {
        let rules = try ForwardAuthRules(rules)
        return ForwardedPath(target: target).map { rules.access(to: $0) } ?? .nobody
    }

    @Test(
        "that somebody may take for a rule's, and we do not, is closed",
        arguments: [
            "/ADMIN", "/aDmIn/x", "/admin.json", "/admin.json/x", "/admin.%EF%B8%8Fjson", "/admin.%CC%81",
            "/admin.%E2%80%8Dx",
            // What NTFS, MultiViews, trimming and matrix parameters of whatever kind would make the rule's path of it.
            "/admin::$DATA", "/admin:x", "/admin!", "/admin'", "/admin(1)", "/admin,x", "/admin@x", "/admin+",
            "/admin$x",
            "/admin&x", "/admin*", "/admin=x", "/admin%7Cx", "/admin%22", "/admin%3Cx", "/admin%5Bx%5D", "/admin%5Ex",
            "/admin%60",
            "/admin%7Bx%7D", "/admin%20x", "/admin::$DATA/x", "/admin%C2%A0", "/admin%C2%A0/x", "/admin%E3%80%80",
            // What cannot be seen, and what compatibility maps to plain characters.
            "/ad%C2%ADmin", "/admin%E2%80%8B", "/admin%EF%B8%8F", "/%EF%BB%BFadmin", "/admin%CC%81",
            "/admin%F3%A0%84%80x%20",
            "/admin%EF%BC%8Ejson", "/%EF%BD%81dmin", "/%E2%93%90dmin", "/%F0%9D%90%9Admin", "/admin%EF%BC%9B",
            "/admi%E2%81%BF",
            "/%EF%BD%81%EF%BD%84%EF%BD%8D%EF%BD%89%EF%BD%8E", "/ADM%C4%B0N", "/adm%C4%B1n", "/admin%E2%80%A4json",
            // What precedes it.
            "/%C2%A0admin", "/+admin", "/:admin", "/'admin'", "/%20admin",
        ])
    func closed(_ target: String) throws { #expect(try access(target) == .nobody) }

    @Test(
        "that somebody may take for a rule's is closed in each of its segments",
        arguments: [
            "/reports::$INDEX_ALLOCATION/secret", "/reports,x/secret", "/reports.json/secret", "/REPORTS/secret",
        ])
    func closedWithin(_ target: String) throws {
        #expect(try access(target, "/reports/secret=role:admin; /=anyone") == .nobody)
    }

    @Test(
        "that nobody takes for a rule's is its own",
        arguments: [
            "/adminer", "/admin-x", "/admin_x", "/admin~", "/admin2", "/admin%C3%A9", "/x", "/x/admin", "/x/admin.json",
            "/adm",
            "/%E6%97%A5%E6%9C%AC", "/%E6%97%A5%E6%9C%AC.json", "/xadmin", "/.admin", "/a-admin", "/x.y", "/x:y", "/",
            "/%C3%BCber",
            "/admin%D9%A0", "/a%C2%ADn",
        ])
    func open(_ target: String) throws { #expect(try access(target) == .anyone) }

    @Test(
        "of a rule with an accent is closed however the accent is written, where it is not as in the rule",
        arguments: [
            ("/caf%C3%A9", false), ("/cafe%CC%81", true), ("/CAF%C3%89", true), ("/cafe%CC%81.json", true),
            ("/caf%C3%A9.json", true),
            ("/caf%C3%A9:x", true), ("/caf%C3%A9s", nil), ("/cafe", nil),
        ])
    func accent(_ target: String, _ isClosed: Bool?) throws {
        let found = try access(target, "/caf\u{E9}=role:admin; /=anyone")
        switch isClosed {
        case true?: #expect(found == .nobody)
        case false?: #expect(found == .whoMeets(.role("admin")))
        case nil: #expect(found == .anyone)
        }
    }

    @Test("takes a time that is linear in its length, in whatever it consists")
    func linear() throws {
        // As many steps as bytes: a path of 8 KiB of wildcards, marks and boundaries is judged in well under a second.
        let parts = ["%EF%BD%81", "%CC%81", ".", "!", "a%EF%BD%81", "%C2%AD", "admin", "%EF%BD%81."]
        let rules = try ForwardAuthRules(
            "/admin=role:admin; /admin/admin=role:x; /aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa=login; /=anyone")
        let clock = ContinuousClock()
        for part in parts {
            let harmless = "/" + String(repeating: "x", count: 8000)
            let worst = "/" + String(repeating: part, count: 8000 / part.utf8.count) + "x"
            let time = { (target: String) in
                clock.measure { for _ in 0..<5 { _ = ForwardedPath(target: target).map { rules.access(to: $0) } } }
            }
            _ = time(harmless)
            #expect(time(worst) < max(time(harmless), Duration.milliseconds(5)) * 20, "\(part)")
        }
    }
}
