import JOSE
import OpenIDConnect

/// The answers of the token endpoint and of UserInfo: no login without our ID Token, no secret in an error.
///
/// An input is the body of the token endpoint's answer, a line `---`, and the body of UserInfo's. `$IDTOKEN` stands for an
/// ID Token that is right. An `!` at the beginning makes the status 400.
struct TokensTarget: FuzzTarget {
    private let idToken: String

    init() throws { idToken = try Known.idToken() }

    func run(_ input: [UInt8]) throws {
        let isRefusal = input.first == UInt8(ascii: "!")
        let text = Array(isRefusal ? input.dropFirst() : input[...]).text.replacing("$IDTOKEN", with: idToken)
        let bodies = text.split(separator: "\n---\n", maxSplits: 1).map { Array($0.utf8) }
        let token = bodies.first ?? []
        let userInfo = bodies.count > 1 ? bodies[1] : Array("{\"sub\":\"user-1\"}".utf8)
        let client = try Known.client(answers: [
            "/token": .bytes(token, status: isRefusal ? 400 : 200), "/userinfo": .bytes(userInfo),
        ])
        let pending = try known(PendingLogin(json: Known.pending))
        let result = try wait { () -> Result<Login, OpenIDError> in
            do throws(OpenIDError) {
                return .success(
                    try await client.finishLogin(with: "?code=\(Known.code)&state=\(Known.state)", pending: pending))
            } catch {
                return .failure(error)
            }
        }
        switch result {
        case .failure(let error):
            // UserInfo never hears of these: what it says is its own.
            for secret in Known.secrets where !userInfo.text.contains(bytesOf: secret) {
                try demand(!"\(error)".contains(bytesOf: secret), "no error says a secret: \(error)")
            }
        case .success(let login):
            try demand(!isRefusal, "no login without status 200")
            try demand(login.idToken.compact == idToken, "no login without our ID Token")
            try demand(login.userInfo.subject.string == Known.subject, "the user is the ID Token's")
            // The ID Token has neither.
            let said = try? JSONObject(parsing: userInfo)
            for (name, verification) in [("email", "email_verified"), ("phone_number", "phone_number_verified")]
            where said?[name] != nil {
                try demand(login.userInfo.claims[name] == said?[name], "\(name) is UserInfo's")
                try demand(login.userInfo.claims[verification] == said?[verification], "and so is its verification")
            }
            try demand(login.userInfo.claims["sub"] == .string(Known.subject), "sub is the ID Token's")
            let access = login.tokens.accessToken.secretString.utf8
            try demand(!access.isEmpty && access.allSatisfy { (0x21...0x7E).contains($0) }, "it can stand in a header")
        }
    }
}
