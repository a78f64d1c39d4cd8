// swift-tools-version: 6.3
import PackageDescription

// What every target is compiled with. Lifetimes lets functions return spans.
let common: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .treatAllWarnings(as: .error),
    .enableExperimentalFeature("Lifetimes"),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .enableUpcomingFeature("InferIsolatedConformances"),
    .unsafeFlags(["-cross-module-optimization"], .when(configuration: .release)),
]

func library(_ name: String, _ apt: String) -> Target {
    .systemLibrary(name: name, providers: [.apt([apt])])
}

func module(
    _ name: String, _ dependencies: [Target.Dependency] = [], resources: [Resource] = []
) -> Target {
    .target(
        name: name, dependencies: dependencies, resources: resources,
        swiftSettings: common + [.strictMemorySafety()])
}

func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .testTarget(
        name: name, dependencies: dependencies, exclude: ["Fixtures"], swiftSettings: common)
}

let package = Package(
    name: "daybook",
    targets: [
        // Layer 0: C libraries of Debian, and what little C of our own they need.
        library("CLMDB", "liblmdb-dev"),
        library("COpenSSL", "libssl-dev"),
        .target(name: "CHashLanes"),

        // Layer 1: pure.
        module("Bytes"),
        module("Merkle", ["Bytes"]),
        module("Arguments"),

        // Layer 2: one C library, or the system, each.
        module("POSIX"),
        module("LMDB", ["CLMDB"]),
        module("Digest", ["Bytes", "COpenSSL", "CHashLanes"]),

        // Layer 3: the log.
        module("Ledger", ["Bytes", "Merkle", "Digest", "LMDB", "POSIX"]),

        // What tests share.
        module("DaybookTesting", ["Bytes", "Digest", "Ledger", "POSIX"]),
        tests("LMDBTests", ["LMDB"]),
        tests("POSIXTests", ["POSIX"]),
        tests("LedgerTests", ["Bytes", "DaybookTesting", "Digest", "Ledger", "LMDB", "Merkle", "POSIX"]),
    ],
    cxxLanguageStandard: .cxx17
)
