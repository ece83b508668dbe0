import Cryptography
import CurlTransport
import HTTPServer
import RedisSessions
import SQLiteSessions

/// What the app says of itself.
enum About {
    /// The version of this source (Semantic Versioning 2.0.0).
    static let version = "0.1.0"

    /// The version, and those of the C libraries that it runs with.
    static var versions: String {
        let libraries = [
            "OpenSSL \(OpenSSL.version)", "libcurl \(CurlTransport.libraryVersion)",
            "libmicrohttpd \(HTTPServer.libraryVersion)", "SQLite \(SQLiteSessionStore.libraryVersion)",
            "hiredis \(RedisSessionStore.libraryVersion)",
        ]
        return "oidc-demo \(version)\n\(libraries.joined(separator: ", "))\n"
    }
}
