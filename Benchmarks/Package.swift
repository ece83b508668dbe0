// swift-tools-version: 6.2
import PackageDescription

// What takes long to measure, apart from the library's own tests; see README.md.
let package = Package(
    name: "Benchmarks",
    dependencies: [.package(name: "swift-openid-connect", path: "..")],
    targets: [
        .executableTarget(
            name: "session-growth",
            dependencies: ["RedisSessions", "Sessions", "SQLiteSessions"].map {
                .product(name: $0, package: "swift-openid-connect")
            },
            path: "Sources/SessionGrowth",
            swiftSettings: [
                .treatAllWarnings(as: .error),
                .enableUpcomingFeature("ExistentialAny"),
                .enableUpcomingFeature("MemberImportVisibility"),
            ]),
        .executableTarget(
            name: "many-connections",
            dependencies: ["CurlTransport", "HTTPMessages", "HTTPServer", "Sessions", "WebLogin"].map {
                .product(name: $0, package: "swift-openid-connect")
            },
            path: "Sources/ManyConnections",
            swiftSettings: [
                .treatAllWarnings(as: .error),
                .enableUpcomingFeature("ExistentialAny"),
                .enableUpcomingFeature("MemberImportVisibility"),
            ]),
    ],
    swiftLanguageModes: [.v6]
)
