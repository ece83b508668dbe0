// swift-tools-version: 6.2
import PackageDescription

/// Every target is built with these; what touches C adds strict memory safety.
let house: [SwiftSetting] = [
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
]
let houseWithC = house + [.strictMemorySafety()]

let package = Package(
    name: "swift-openid-connect",
    products: [
        .library(name: "JOSE", targets: ["JOSE"]),
        .library(name: "OpenIDConnect", targets: ["OpenIDConnect"]),
        .library(name: "CurlTransport", targets: ["CurlTransport"]),
        .library(name: "HTTPMessages", targets: ["HTTPMessages"]),
        .library(name: "Sessions", targets: ["Sessions"]),
        .library(name: "SQLiteSessions", targets: ["SQLiteSessions"]),
        .library(name: "RedisSessions", targets: ["RedisSessions"]),
        .library(name: "WebLogin", targets: ["WebLogin"]),
        .library(name: "HTTPServer", targets: ["HTTPServer"]),
        .library(name: "DevelopmentProvider", targets: ["DevelopmentProvider"]),
        .executable(name: "oidc-demo", targets: ["OIDCDemo"]),
    ],
    targets: [
        // C libraries of the system.
        .systemLibrary(name: "COpenSSL", providers: [.apt(["libssl-dev"])]),
        .systemLibrary(name: "CCurl", providers: [.apt(["libcurl4-openssl-dev"])]),
        .systemLibrary(name: "CMicroHTTPD", providers: [.apt(["libmicrohttpd-dev"])]),
        .systemLibrary(name: "CSQLite", providers: [.apt(["libsqlite3-dev"])]),
        .systemLibrary(name: "CHiredis", providers: [.apt(["libhiredis-dev"])]),

        // Text by its bytes: below everything that reads what others write.
        .target(name: "ByteText", swiftSettings: house),

        // The protocol core: no sockets, no files.
        .target(name: "Cryptography", dependencies: ["COpenSSL"], swiftSettings: houseWithC),
        .target(name: "JOSE", dependencies: ["Cryptography", "ByteText"], swiftSettings: house),
        .target(name: "OpenIDConnect", dependencies: ["JOSE", "Cryptography", "ByteText"], swiftSettings: house),

        // The web side.
        .target(name: "HTTPMessages", dependencies: ["ByteText"], swiftSettings: house),
        .target(name: "Sessions", dependencies: ["HTTPMessages", "Cryptography"], swiftSettings: house),
        .target(
            name: "WebLogin", dependencies: ["OpenIDConnect", "JOSE", "HTTPMessages", "Sessions", "ByteText"],
            swiftSettings: house),

        // What talks to the world, each replaceable.
        .target(
            name: "CurlTransport", dependencies: ["OpenIDConnect", "ByteText", "CCurl"], swiftSettings: houseWithC),
        .target(
            name: "HTTPServer", dependencies: ["HTTPMessages", "ByteText", "CMicroHTTPD"], swiftSettings: houseWithC),
        .target(name: "SQLiteSessions", dependencies: ["Sessions", "ByteText", "CSQLite"], swiftSettings: houseWithC),
        .target(name: "RedisSessions", dependencies: ["Sessions", "ByteText", "CHiredis"], swiftSettings: houseWithC),

        // For development, and the demonstration.
        .target(
            name: "DevelopmentProvider", dependencies: ["JOSE", "Cryptography", "HTTPMessages", "ByteText"],
            swiftSettings: house),
        .executableTarget(
            name: "OIDCDemo",
            dependencies: [
                "CurlTransport", "DevelopmentProvider", "HTTPMessages", "HTTPServer", "OpenIDConnect", "RedisSessions",
                "Sessions", "SQLiteSessions", "WebLogin", "Cryptography", "JOSE", "ByteText",
            ],
            swiftSettings: house),

        // The program of the README: compiled with everything else, compared with the README's text by a test.
        .executableTarget(
            name: "HelloLogin",
            dependencies: [
                "CurlTransport", "HTTPMessages", "HTTPServer", "OpenIDConnect", "Sessions", "WebLogin",
            ],
            path: "Examples/HelloLogin", swiftSettings: house),

        // Further examples, run by their tests.
        .executableTarget(
            name: "ProtectedPage",
            dependencies: ["CurlTransport", "HTTPMessages", "HTTPServer", "Sessions", "WebLogin"],
            path: "Examples/ProtectedPage", swiftSettings: house),
        .executableTarget(
            name: "TwoProviders",
            dependencies: ["CurlTransport", "HTTPMessages", "HTTPServer", "OpenIDConnect", "Sessions", "WebLogin"],
            path: "Examples/TwoProviders", swiftSettings: house),
        .executableTarget(
            name: "NotesAPI",
            dependencies: ["CurlTransport", "HTTPMessages", "HTTPServer", "OpenIDConnect", "WebLogin"],
            path: "Examples/BearerAPI", swiftSettings: house),

        // Tests: a folder per target.
        .target(
            name: "TestSupport", dependencies: ["OpenIDConnect", "JOSE", "HTTPMessages", "Sessions", "Cryptography"],
            path: "Tests/TestSupport", swiftSettings: house),
        .target(
            name: "ProgramSupport", dependencies: ["CurlTransport", "HTTPMessages", "OpenIDConnect"],
            path: "Tests/ProgramSupport", swiftSettings: house),
        .target(name: "RawSockets", path: "Tests/RawSockets", swiftSettings: house),
        .target(
            name: "MisbehavingProvider", dependencies: ["JOSE", "Cryptography", "HTTPMessages", "RawSockets"],
            path: "Tests/MisbehavingProvider", swiftSettings: house),
        .testTarget(name: "ReadmeTests", swiftSettings: house),
        .testTarget(
            name: "ExamplesTests",
            dependencies: [
                "ProtectedPage", "TwoProviders", "NotesAPI", "WebLogin", "OpenIDConnect", "JOSE", "HTTPMessages",
                "Sessions", "DevelopmentProvider", "TestSupport", "ProgramSupport", "CurlTransport", "HTTPServer",
            ], swiftSettings: house),
        .testTarget(name: "ByteTextTests", dependencies: ["ByteText"], swiftSettings: house),
        .testTarget(name: "CryptographyTests", dependencies: ["Cryptography", "TestSupport"], swiftSettings: house),
        .testTarget(name: "JOSETests", dependencies: ["JOSE", "Cryptography", "TestSupport"], swiftSettings: house),
        .testTarget(
            name: "OpenIDConnectTests",
            dependencies: ["OpenIDConnect", "JOSE", "Cryptography", "HTTPMessages", "TestSupport"],
            swiftSettings: house),
        .testTarget(
            name: "CurlTransportTests",
            dependencies: ["CurlTransport", "OpenIDConnect", "RawSockets", "TestSupport"],
            swiftSettings: house),
        .testTarget(name: "HTTPMessagesTests", dependencies: ["HTTPMessages", "TestSupport"], swiftSettings: house),
        .testTarget(name: "SessionsTests", dependencies: ["Sessions", "TestSupport"], swiftSettings: house),
        .testTarget(
            name: "SQLiteSessionsTests", dependencies: ["SQLiteSessions", "Sessions", "TestSupport"],
            swiftSettings: house),
        .testTarget(
            name: "RedisSessionsTests", dependencies: ["RedisSessions", "Sessions", "RawSockets", "TestSupport"],
            swiftSettings: house),
        .testTarget(
            name: "WebLoginTests",
            dependencies: [
                "WebLogin", "OpenIDConnect", "JOSE", "HTTPMessages", "Sessions", "DevelopmentProvider", "TestSupport",
            ], swiftSettings: house),
        .testTarget(name: "HTTPServerTests", dependencies: ["HTTPServer", "HTTPMessages"], swiftSettings: house),
        .testTarget(
            name: "DevelopmentProviderTests", dependencies: ["DevelopmentProvider", "JOSE", "HTTPMessages"],
            swiftSettings: house),
        .testTarget(
            name: "OIDCDemoTests",
            dependencies: [
                "OIDCDemo", "DevelopmentProvider", "WebLogin", "OpenIDConnect", "JOSE", "CurlTransport", "HTTPMessages",
                "HTTPServer",
                "ProgramSupport", "RedisSessions", "Sessions", "TestSupport",
            ],
            swiftSettings: house),
        .testTarget(
            name: "MisbehaviourTests",
            dependencies: [
                "OIDCDemo", "MisbehavingProvider", "ProgramSupport", "OpenIDConnect", "CurlTransport", "JOSE",
                "Cryptography", "HTTPMessages", "HTTPServer", "TestSupport",
            ],
            swiftSettings: house),
        .testTarget(
            name: "WorstCaseTests",
            dependencies: [
                "OIDCDemo", "WebLogin", "OpenIDConnect", "JOSE", "HTTPMessages", "Sessions", "CurlTransport",
                "ByteText",
                "TestSupport",
            ],
            swiftSettings: house),
    ],
    swiftLanguageModes: [.v6]
)
