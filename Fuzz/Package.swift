// swift-tools-version: 6.2
import PackageDescription

// Built by run.sh, which has the compiler instrument this package and the library alike.
let package = Package(
    name: "Fuzz",
    dependencies: [.package(name: "swift-openid-connect", path: "..")],
    targets: [
        .executableTarget(
            name: "Fuzz",
            dependencies: ["HTTPMessages", "JOSE", "OpenIDConnect", "Sessions", "WebLogin"].map {
                .product(name: $0, package: "swift-openid-connect")
            },
            swiftSettings: [
                .treatAllWarnings(as: .error),
                .enableUpcomingFeature("ExistentialAny"),
                .enableUpcomingFeature("MemberImportVisibility"),
                .strictMemorySafety(),
            ])
    ],
    swiftLanguageModes: [.v6]
)
