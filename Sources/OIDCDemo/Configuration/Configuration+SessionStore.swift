import ByteText
import RedisSessions

extension Configuration {
    /// Where sessions are kept.
    enum SessionStoreChoice: Sendable, Hashable {
        /// In an SQLite file.
        case sqlite(path: String)
        /// In Redis or Valkey.
        case redis(RedisAddress)
        /// Sealed, in the browser; which of them are over before their time stands elsewhere.
        case cookie(revocations: RevocationChoice)
        /// In memory: they end with the app.
        case memory
    }

    /// Where it is kept which cookies are worth nothing any more.
    enum RevocationChoice: Sendable, Hashable {
        /// In an SQLite file.
        case sqlite(path: String)
        /// In Redis or Valkey.
        case redis(RedisAddress)
        /// In memory: with the app ends the knowledge of who has logged out.
        case memory
    }
}

extension SettingsReader {
    /// Whether `SESSION_STORE` leaves it to the app where its file is.
    var keepsSessionsInDataDirectory: Bool {
        let text = text(.sessionStore)
        return text == nil || text.isExactly("cookie")
    }

    /// Where sessions are kept; `nil` where the setting does not say that clearly.
    mutating func sessionStore(dataDirectory: String?) -> Configuration.SessionStoreChoice? {
        let usual = Configuration.RevocationChoice.sqlite(path: (dataDirectory ?? ".") + "/sessions.sqlite")
        guard let text = text(.sessionStore) else { return sessionStore(keptWith: usual) }
        if text.isExactly("cookie") { return .cookie(revocations: usual) }
        do {
            if let place = text.utf8.rest(after: "cookie+") { return .cookie(revocations: try Self.place(place)) }
            return sessionStore(keptWith: try Self.place(text[...]))
        } catch {
            report(.malformed, .sessionStore, error.what, remedy: error.remedy)
            return nil
        }
    }

    private func sessionStore(keptWith place: Configuration.RevocationChoice) -> Configuration.SessionStoreChoice {
        switch place {
        case .sqlite(let path): .sqlite(path: path)
        case .redis(let address): .redis(address)
        case .memory: .memory
        }
    }

    private struct Malformed: Error {
        let what: String
        let remedy: String
    }

    /// A place on the server's side. A message shows no more than the word at the beginning: behind it a password may be.
    private static func place(_ text: Substring) throws(Malformed) -> Configuration.RevocationChoice {
        if text.isExactly("memory") { return .memory }
        let kind = text.utf8.prefix(before: ":")
        let rest = text[kind.endIndex...]
        switch kind {
        case "sqlite" where rest.utf8.count > 1: return .sqlite(path: String(Substring(rest.utf8.dropFirst())))
        case "redis", "rediss", "unix":
            do {
                return .redis(try RedisAddress(String(text)))
            } catch {
                throw Malformed(
                    what: "does not fit: \(error.context)",
                    remedy:
                        "Write redis://USER:PASSWORD@HOST:PORT/DB or unix:///PATH?db=N, with characters such as @, : or"
                        + " / in the password percent-encoded. Here: \(error.remedy).")
            }
        default:
            let isLong = rest.utf8.count > 1
            let shown = kind.utf8.contains("@") ? "something else" : quoted(kind + (isLong ? ":…" : rest))
            throw Malformed(
                what: "names \(shown), but has to be sqlite:PATH, memory, an address of Redis, cookie,"
                    + " or cookie+ and one of the former",
                remedy: "For example: SESSION_STORE=sqlite:/var/lib/oidc-demo/sessions.sqlite")
        }
    }
}
