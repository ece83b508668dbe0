import JOSE
import Testing
import WebLogin

@Suite("Claims and roles")
struct RoleMappingTests {
    private static let claims: JSONObject = [
        "roles": ["admin"], "realm_access": ["roles": ["staff"]], "https://app.example/roles": ["auditor"],
        "resource_access": ["my.app": ["roles": ["editor"]]], "a": ["b": "nested"], "a.b": "whole",
        "a.c": ["d": "half"],
        "one": "two words", "x": ["y": 7],
    ]

    @Test(
        "a path leads through nested claims, and to names that have dots",
        arguments: [
            ("realm_access.roles", ["staff"]), ("https://app.example/roles", ["auditor"]),
            ("resource_access.my.app.roles", ["editor"]), ("a.b", "whole"), ("a.c.d", "half"), ("x.y", 7),
        ] as [(String, JSONValue)])
    func paths(path: String, value: JSONValue) {
        #expect(ClaimPath(path).value(in: Self.claims) == value)
    }

    @Test("a path of names takes them as they are")
    func names() {
        #expect(ClaimPath(["a", "b"]).value(in: Self.claims) == "nested")
        #expect(ClaimPath(["a.b"]).value(in: Self.claims) == "whole")
        #expect(ClaimPath([]).value(in: Self.claims) == nil)
    }

    @Test(
        "a path that leads nowhere finds nothing",
        arguments: ["", ".", "a.", "a.b.c", "roles.0", "realm_access..roles"])
    func nowhere(path: String) {
        #expect(ClaimPath(path).value(in: Self.claims) == nil)
    }

    @Test("a path of very many parts is one name")
    func long() {
        let text = Array(repeating: "a", count: 17).joined(separator: ".")
        #expect(ClaimPath(text).value(in: ["a": 1]) == nil)
        #expect(ClaimPath(text).value(in: [text: 1]) == 1)
        var nested: JSONValue = 1
        for _ in 0..<17 { nested = ["a": nested] }
        #expect(ClaimPath(text).value(in: nested.object ?? [:]) == nil)
    }

    @Test("roles come from every source, with its prefix")
    func sources() {
        let mapping = RoleMapping([
            .init("roles"), .init("realm_access.roles", prefix: "realm:"), .init("absent"), .init("one"),
        ])
        #expect(mapping.roles(in: Self.claims) == ["admin", "realm:staff", "two words"])
        #expect(RoleMapping([]).roles(in: Self.claims).isEmpty)
        #expect(RoleMapping.usual.roles(in: ["roles": ["a"], "groups": ["b"]]) == ["a", "b"])
    }

    @Test("the names of an object are roles whose values are objects, as Zitadel has them, or true")
    func memberNames() {
        let name = "urn:zitadel:iam:org:project:roles"
        let roles: JSONValue = [
            "admin": ["318532": "example.org"], "staff": [:], "on": true, "off": false, "none": nil, "text": "x",
            "number": 1, "list": ["x"], "line\n": [:],
        ]
        #expect(
            RoleMapping([.init(ClaimPath(name), prefix: "z:")]).roles(in: [name: roles]) == [
                "z:admin", "z:staff", "z:on",
            ])
    }

    @Test(
        "what is no text is no role",
        arguments: [
            7, true, nil, ["admin": false], [["admin"]], [7, nil, ["admin": "admin"]], "",
            ["", "a\u{0}", "b\n", "\u{7F}"],
        ] as [JSONValue])
    func hostile(value: JSONValue) {
        #expect(RoleMapping.usual.roles(in: ["roles": value]).isEmpty)
    }

    @Test("a role has 256 bytes at most, and a user 500 roles")
    func bounds() {
        let long = String(repeating: "r", count: 256)
        #expect(RoleMapping.usual.roles(in: ["roles": [.string(long), .string(long + "r")]]) == [long])
        let many: [JSONValue] = (0..<10_000).map { .string("role-\($0)") }
        let found = RoleMapping.usual.roles(in: ["roles": .array(many), "groups": ["last"]])
        #expect(found.count == 500)
        #expect(found.contains("role-499") && !found.contains("last"))
    }
}
