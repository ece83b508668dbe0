// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

/// Products of the library.
func library(_ names: String...) -> [Target.Dependency] {
    names.map { .product(name: $0, package: "swift-openid-connect") }
}

// What takes long to measure, apart from the library's own tests; see README.md.
let package = Package(
    name: "Benchmarks",
    dependencies: [.package(name: "swift-openid-connect", path: "..")],
    targets: [
        .executableTarget(
            name: "many-connections",
            dependencies: library("CurlTransport", "HTTPMessages", "HTTPServer", "Sessions", "WebLogin"),
            path: "Sources/ManyConnections", swiftSettings: settings),
        .executableTarget(
            name: "session-growth", dependencies: library("RedisSessions", "Sessions", "SQLiteSessions"),
            path: "Sources/SessionGrowth", swiftSettings: settings),
        .executableTarget(
            name: "growth",
            dependencies: ["InMemory"]
                + library("HTTPMessages", "JOSE", "OpenIDConnect", "Sessions", "SQLiteSessions", "WebLogin"),
            path: "Sources/Growth", swiftSettings: settings),
        .executableTarget(
            name: "token-checks", dependencies: ["InMemory"] + library("JOSE"), path: "Sources/TokenChecks",
            swiftSettings: settings),
        .executableTarget(
            name: "hot-operations",
            dependencies: ["InMemory"] + library("HTTPMessages", "JOSE", "Sessions", "SQLiteSessions"),
            path: "Sources/HotOperations", swiftSettings: settings),
        // A provider and an application, with nothing but calls between them.
        .target(
            name: "InMemory",
            dependencies: library("HTTPMessages", "JOSE", "OpenIDConnect", "Sessions", "WebLogin"),
            swiftSettings: settings),
    ],
    swiftLanguageModes: [.v6]
)
