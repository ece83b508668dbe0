import Foundation
package import JOSE

/// The words that tables of faults are written in.
extension Misbehaviour {
    private static func with(_ change: (inout Misbehaviour) -> Void) -> Misbehaviour {
        var misbehaviour = Misbehaviour()
        change(&misbehaviour)
        return misbehaviour
    }

    package static let none = Misbehaviour()

    package static func issuer(path: String) -> Misbehaviour { with { $0.issuerPath = path } }

    package static let blindToVerifiers = with { $0.checksVerifiers = false }

    package static let takingTokensInForms = with { $0.takesTokensInForms = true }

    package static let refusingBasic = with { $0.refusesBasic = true }

    /// Answers go by form post, or not, whatever was asked for.
    package static func posting(_ isPosted: Bool) -> Misbehaviour { with { $0.postsAnswers = isPosted } }

    /// The UserInfo as a JWT (OIDC Core §5.3.2).
    package static func signedUserInfo(
        by key: @escaping @Sendable (Situation) throws -> SigningKey
    ) -> Misbehaviour {
        reply(.userInfo) { reply, situation in
            reply = Reply(type: "application/jwt", try key(situation).sign(payload: reply.body))
        }
    }

    /// The client proves itself by an assertion that this key verifies.
    package static func client(provenBy key: JWK) -> Misbehaviour { with { $0.clientKey = key } }

    // MARK: JSON: a member is given another value, `nil` takes it out.

    package static func metadata(_ name: String, _ value: JSONValue?) -> Misbehaviour {
        metadata { metadata, _ in metadata[name] = value }
    }

    package static func metadata(_ edit: @escaping Edit<JSONObject>) -> Misbehaviour { with { $0.metadata = [edit] } }

    package static func keys(_ edit: @escaping Edit<[JSONValue]>) -> Misbehaviour { with { $0.keySet = [edit] } }

    package static func claim(_ name: String, _ value: JSONValue?) -> Misbehaviour {
        claims { claims, _ in claims[name] = value }
    }

    /// A claim that is a time, given in seconds from now.
    package static func time(_ name: String, in seconds: Int64) -> Misbehaviour {
        claims { claims, _ in claims[name] = .number(JSONNumber(Int64(Date().timeIntervalSince1970) + seconds)) }
    }

    /// A claim that is a text, with something behind it.
    package static func claim(_ name: String, appending text: String) -> Misbehaviour {
        claims { claims, _ in claims[name] = .string((claims[name]?.string ?? "") + text) }
    }

    package static func claims(_ edit: @escaping Edit<JSONObject>) -> Misbehaviour { with { $0.claims = [edit] } }

    package static func header(_ name: String, _ value: JSONValue?) -> Misbehaviour {
        header { header, _ in header[name] = value }
    }

    package static func header(_ edit: @escaping Edit<JSONObject>) -> Misbehaviour { with { $0.header = [edit] } }

    package static func tokens(_ name: String, _ value: JSONValue?) -> Misbehaviour {
        tokens { tokens, _ in tokens[name] = value }
    }

    package static func tokens(_ edit: @escaping Edit<JSONObject>) -> Misbehaviour { with { $0.tokens = [edit] } }

    package static func userInfo(_ name: String, _ value: JSONValue?) -> Misbehaviour {
        with { $0.userInfo = [{ claims, _ in claims[name] = value }] }
    }

    // MARK: The signature.

    package static func signed(by key: @escaping @Sendable (Situation) throws -> SigningKey) -> Misbehaviour {
        with {
            $0.signer = key
            $0.hasSigner = true
        }
    }

    package static func signature(_ edit: @escaping @Sendable ([UInt8]) -> [UInt8]) -> Misbehaviour {
        with { $0.signature = [{ signature, _ in signature = edit(signature) }] }
    }

    /// The ID Token as it is sent.
    package static func compact(_ edit: @escaping @Sendable (String) throws -> String) -> Misbehaviour {
        with { $0.compact = [{ token, _ in token = try edit(token) }] }
    }

    /// The text of the ID Token's payload.
    package static func payload(_ edit: @escaping @Sendable ([UInt8]) -> [UInt8]) -> Misbehaviour {
        with { $0.payloadBytes = [{ bytes, _ in bytes = edit(bytes) }] }
    }

    /// The text of the ID Token's header.
    package static func headerText(_ edit: @escaping @Sendable (String) -> String) -> Misbehaviour {
        with { $0.headerBytes = [{ bytes, _ in bytes = Array(edit(String(decoding: bytes, as: UTF8.self)).utf8) }] }
    }

    // MARK: Answers.

    /// A parameter of the authorization response: `nil` takes it out.
    package static func response(_ name: String, _ value: String?) -> Misbehaviour {
        with {
            $0.response = [
                { parameters, _ in
                    parameters.removeAll { $0.name == name }
                    if let value { parameters.append(.init(name: name, value: value)) }
                }
            ]
        }
    }

    package static func response(_ edit: @escaping Edit<[Parameter]>) -> Misbehaviour { with { $0.response = [edit] } }

    /// A further parameter of the authorization response, whether it is there or not.
    package static func response(adding name: String, _ value: String) -> Misbehaviour {
        with { $0.response = [{ parameters, _ in parameters.append(.init(name: name, value: value)) }] }
    }

    package static func reply(_ endpoint: Endpoint, _ edit: @escaping Edit<Reply>) -> Misbehaviour {
        with { $0.replies[endpoint] = [edit] }
    }

    package static func body(_ endpoint: Endpoint, _ edit: @escaping @Sendable ([UInt8]) -> [UInt8]) -> Misbehaviour {
        reply(endpoint) { reply, _ in reply.body = edit(reply.body) }
    }

    /// Another status, and JSON of one's own or the answer as it was.
    package static func status(_ status: Int, at endpoint: Endpoint, _ json: JSONObject? = nil) -> Misbehaviour {
        reply(endpoint) { reply, _ in
            reply.status = status
            if let json { reply.body = json.serialized() }
        }
    }

    /// A redirect to the second server, to the same path.
    package static func redirect(_ status: Int, at endpoint: Endpoint) -> Misbehaviour {
        reply(endpoint) { reply, situation in
            reply = Reply(
                status: status, fields: [("Location", situation.elsewhere + "/" + endpoint.rawValue)])
        }
    }

    package static func wire(_ endpoint: Endpoint, _ fault: WireFault) -> Misbehaviour {
        with { $0.wire[endpoint] = fault }
    }
}
