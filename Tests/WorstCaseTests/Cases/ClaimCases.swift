import FoundationEssentials

@testable import JOSE
@testable import OpenIDConnect
@testable import WebLogin

/// What is done with the claims of a token: its rules, roles, paths.
enum ClaimCases {
    private static let tokenLimit = maximumTokenSize * 3 / 4
    private static let bodyLimit = TransportRequest.Limits().bodyBytes

    static let all: [WorstCase] = rules + roles

    /// A name for each number, short.
    private static func names(upTo count: Int) -> String {
        Inputs.pieces(upTo: count, separator: ",") { "\"\(String($0, radix: 36))\"" }
    }

    private static func outcome(_ claims: JSONObject, original: JSONObject? = nil) throws {
        guard let issuer = Issuer("https://op.example"), let nonce = Nonce(String(repeating: "A", count: 43)) else {
            return
        }
        let token = TokenExpectations(
            issuer: issuer, audience: "client", trustedAudiences: ["trusted"],
            now: Date(timeIntervalSince1970: 1_800_000_000), clockSkew: 60, maximumAge: 600)
        var expect = IDTokenExpectations(
            token: token, nonce: .exactly(nonce), maxAge: 60, requiredACRs: ["high"],
            requiredClaims: ["hd": ["example.org"]], accessToken: AccessToken("a"))
        expect.original = original.flatMap { OriginalLogin(json: $0) }
        for (rule, judge) in IDTokenRules(claims: claims, algorithm: .es256, expect: expect).inOrder {
            _ = RuleOutcome(rule, judge())
        }
        for (rule, judge) in LogoutTokenRules(claims: claims, token: token).inOrder { _ = RuleOutcome(rule, judge()) }
        for (rule, judge) in AccessTokenRules(claims: claims, token: token, type: .jwt).inOrder {
            _ = RuleOutcome(rule, judge())
        }
    }

    private static let rules: [WorstCase] =
        [
            claims.worst("audiences") { try Inputs.object("{\"aud\":[\(names(upTo: $0 - 10))]}") },
            claims.worst("audiences of many marks") {
                try Inputs.object("{\"aud\":[\"\(Inputs.marks(upTo: $0 - 12))\"]}")
            },
            claims.worst("scopes") { count in
                let scopes = Inputs.pieces(upTo: count - 12, separator: " ") { String($0, radix: 36) }
                return try Inputs.object("{\"scope\":\"\(scopes)\"}")
            },
            claims.worst("a tid of hyphens") { count in
                try Inputs.object("{\"iss\":\"x\",\"tid\":\"\(Inputs.repeated("-", upTo: count - 20))\"}")
            },
            claims.worst("long numbers") { count in
                let digits = Inputs.repeated("1", upTo: count / 4 - 10)
                return try Inputs.object(
                    "{\"exp\":\(digits),\"iat\":\(digits),\"nbf\":0.\(digits),\"auth_time\":\(digits)}")
            },
            claims.worst("a subject, a session and an event of many marks") { count in
                let marks = Inputs.marks(upTo: count / 3 - 12)
                return try Inputs.object("{\"sub\":\"\(marks)\",\"sid\":\"\(marks)\",\"events\":\"\(marks)\"}")
            },
        ]
        + [
            refreshed.worst("audiences that are others than the login's") { count in
                let list = Inputs.repeated("\"trusted\",", upTo: count - 30) + "\"client\""
                let old = Inputs.repeated("\"client\",", upTo: count - 30) + "\"client\""
                return (try Inputs.object("{\"aud\":[\(list)]}"), try login(of: old))
            }
        ]

    private static func login(of audiences: String) throws -> JSONObject {
        try Inputs.object(#"{"iss":"https://op.example","sub":"u","aud":[\#(audiences)]}"#)
    }

    private static let refreshed = ForeignInput<(claims: JSONObject, login: JSONObject)>(
        "the rules over a refreshed ID Token", limit: tokenLimit
    ) { count in
        let list = Inputs.repeated("\"client\",", upTo: count - 30) + "\"client\""
        return (try Inputs.object("{\"aud\":[\(list)]}"), try login(of: list))
    } reader: {
        try outcome($0.claims, original: $0.login)
    }

    private static let mappings = [
        RoleMapping.usual, RoleMapping([.init("a.b.c.d.e.f.g.h.i.j.k.l.m.n.o.p"), .init(["a", "b"])]),
    ]

    private static let roles: [WorstCase] = [
        roleClaims.worst("many") { try Inputs.object("{\"roles\":[\(names(upTo: $0 - 20))]}") },
        roleClaims.worst("one again and again") {
            try Inputs.object("{\"roles\":[\(Inputs.repeated("\"a\",", upTo: $0 - 20))\"a\"]}")
        },
        roleClaims.worst("equivalent to String") { count in
            let names = Inputs.pieces(upTo: min(count - 20, 800_000), separator: ",") {
                "\"\(Inputs.equivalent($0 % 40_320))\""
            }
            return try Inputs.object("{\"groups\":[\(names)]}")
        },
        roleClaims.worst("of marks") { count in
            let name = Inputs.marks(upTo: RoleMapping.maximumRoleLength)
            return try Inputs.object("{\"roles\":[\(Inputs.repeated("\"\(name)\",", upTo: count - 20))\"a\"]}")
        },
        roleClaims.worst("one of very many marks") {
            try Inputs.object("{\"roles\":[\"\(Inputs.marks(upTo: $0 - 20))\"]}")
        },
        roleClaims.worst("a claim at each way to read a path") { count in
            var object = "{\"p\":0}"
            // From the inside out: each level has all names that begin what is left of the path.
            let parts = "abcdefghijklmno".map(String.init)
            for start in parts.indices.reversed() {
                let names = parts.indices[start...].map { parts[start...$0].joined(separator: ".") }
                let members = names.map { "\"\($0)\":\(object)" }.joined(separator: ",")
                guard members.utf8.count + 2 <= count else { break }
                object = "{\(members)}"
            }
            return try Inputs.object(object)
        },
    ]

    private static let claims = ForeignInput<JSONObject>("the rules over claims", limit: tokenLimit) { count in
        // A list of ordinary audiences.
        let names = Inputs.pieces(upTo: count - 10, separator: ",") { "\"https://api.example/\($0)\"" }
        return try Inputs.object("{\"aud\":[\(names)]}")
    } reader: {
        try outcome($0)
    }

    private static let roleClaims = ForeignInput<JSONObject>("roles", limit: bodyLimit) { count in
        let names = Inputs.pieces(upTo: count - 20, separator: ",") { "\"role-\($0)\"" }
        return try Inputs.object("{\"roles\":[\(names)]}")
    } reader: { claims in
        for mapping in mappings { _ = mapping.roles(in: claims) }
        _ = Requirement.claim("roles", equals: "admin").description
        let value = ClaimPath("roles").value(in: claims)
        _ = value == "admin" || value?.array?.contains("admin") ?? false
    }
}
