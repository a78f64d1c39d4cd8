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

// What is tested is optimised, too: the suite runs the program some thousand times.
let optimized = SwiftSetting.unsafeFlags(["-O"], .when(configuration: .debug))

func library(_ name: String, _ apt: String, pkgConfig: String? = nil) -> Target {
    .systemLibrary(name: name, pkgConfig: pkgConfig, providers: [.apt([apt])])
}

func module(
    _ name: String,
    _ dependencies: [Target.Dependency] = [],
    resources: [Resource] = [],
    checksAssertions: Bool = false
) -> Target {
    .target(
        name: name,
        dependencies: dependencies,
        resources: resources,
        swiftSettings: common + [.strictMemorySafety()] + (checksAssertions ? [] : [optimized])
    )
}

func tests(
    _ name: String,
    _ dependencies: [Target.Dependency],
    fixtures: Bool = true
) -> Target {
    .testTarget(
        name: name,
        dependencies: dependencies,
        exclude: fixtures ? ["Fixtures"] : [],
        swiftSettings: common
    )
}

let package = Package(
    name: "daybook",
    targets: [
        // Layer 0: C libraries of Debian, and what little C or C++ of our own they need.
        library("CLMDB", "liblmdb-dev"),
        library("COpenSSL", "libssl-dev"),
        .target(name: "CHashLanes"),
        .target(name: "CSimdJSON", linkerSettings: [.linkedLibrary("simdjson")]),
        library("CYAML", "libyaml-dev"),
        library("CXML", "libxml2-dev", pkgConfig: "libxml-2.0"),
        library("CMicrohttpd", "libmicrohttpd-dev"),
        library("CCurl", "libcurl4-openssl-dev"),
        library("CArchive", "libarchive-dev"),

        .systemLibrary(name: "CEpoll"),
        .target(
            name: "CBenchScan",
            // What is measured beside it picks the machine's best instructions as it runs.
            cxxSettings: [.unsafeFlags(["-march=native"])],
            linkerSettings: [.linkedLibrary("lmdb"), .linkedLibrary("simdjson")]
        ),

        // Layer 1: pure. Bytes is its floor.
        module("Bytes"),
        module("Merkle", ["Bytes"]),
        module("Arguments", checksAssertions: true),
        module("Tables", ["Bytes"]),

        // Layer 2: one C library, or the system, each.
        module("POSIX"),
        module("LMDB", ["CLMDB"]),
        module("Digest", ["Bytes", "COpenSSL", "CHashLanes"]),
        module("JSON", ["Bytes", "CSimdJSON"]),
        module("YAML", ["CYAML"]),
        module("XML", ["Bytes", "CXML"]),
        module("HTTPServer", ["CMicrohttpd"]),
        module("HTTPClient", ["CCurl"]),
        module("Archive", ["CArchive"]),

        // Layer 3: the log.
        module("Ledger", ["Bytes", "Merkle", "Digest", "LMDB", "POSIX"]),

        // Layer 3 as well: state that is derived from it.
        module(
            "Projections",
            ["Bytes", "Digest", "JSON", "Ledger", "LMDB", "Merkle", "POSIX", "XML", "YAML"],
            resources: [.embedInCode("Defaults")]
        ),

        // Layer 3 as well: what is known of the systems that webhooks come from and calls go to.
        module(
            "Catalog",
            ["YAML"],
            resources: [.embedInCode("Systems"), .embedInCode("Samples"), .embedInCode("Guide")]
        ),

        // Layer 4: webhooks in.
        module(
            "Webhooks",
            ["Bytes", "Catalog", "Digest", "JSON", "Ledger", "XML", "YAML"]
        ),

        // Layer 4: calls out.
        module(
            "Outbound",
            ["Bytes", "Digest", "HTTPClient", "JSON", "Ledger", "POSIX", "XML", "YAML"]
        ),

        // Layer 4: what auditors and reviewers are given.
        module(
            "Audit",
            [
                "Archive", "Bytes", "Digest", "HTTPClient", "JSON", "Ledger", "Merkle", "POSIX",
                "Projections", "Tables", "YAML",
            ],
            resources: [.embedInCode("Verifiers")]
        ),

        // Layer 5: the service.
        module(
            "Service",
            [
                "Audit", "Bytes", "Catalog", "Digest", "HTTPClient", "HTTPServer", "JSON",
                "Ledger", "Merkle",
                "Outbound", "POSIX", "Projections", "Tables", "Webhooks", "YAML",
            ]
        ),

        // Layer 6: the program.
        .executableTarget(
            name: "daybook",
            dependencies: [
                "Archive", "Arguments", "Audit", "Bytes", "Ledger", "POSIX", "Projections",
                "Service", "Tables",
            ],
            swiftSettings: common + [.strictMemorySafety(), optimized]
        ),

        // Benchmarks: never shipped.
        .executableTarget(
            name: "bench",
            dependencies: [
                "Arguments", "Bytes", "Catalog", "CBenchScan", "CEpoll", "Digest", "HTTPServer",
                "Ledger", "LMDB", "POSIX", "Projections", "Webhooks", "YAML",
            ],
            swiftSettings: common + [.strictMemorySafety(), optimized]
        ),

        // What tests share, and the tests.
        module("DaybookTesting", ["Bytes", "Digest", "Ledger", "POSIX"]),
        tests("ArgumentsTests", ["Arguments"]),
        tests("ArchiveTests", ["Archive", "POSIX"], fixtures: false),
        tests(
            "AuditTests",
            [
                "Archive", "Audit", "Bytes", "DaybookTesting", "Digest", "HTTPServer", "JSON",
                "Ledger",
                "Merkle", "POSIX", "Projections", "YAML",
            ],
            fixtures: false
        ),
        tests("BytesTests", ["Bytes"]),
        tests("CatalogTests", ["Catalog", "YAML"], fixtures: false),
        tests("DigestTests", ["Bytes", "Digest"]),
        tests("HTTPClientTests", ["HTTPClient"]),
        tests("HTTPServerTests", ["DaybookTesting", "HTTPServer"], fixtures: false),
        tests("JSONTests", ["Bytes", "DaybookTesting", "JSON"]),
        tests(
            "LedgerTests",
            ["Bytes", "DaybookTesting", "Digest", "Ledger", "LMDB", "Merkle", "POSIX"]
        ),
        tests("LMDBTests", ["LMDB"], fixtures: false),
        tests("MerkleTests", ["Bytes", "Merkle"]),
        tests(
            "OutboundTests",
            [
                "Bytes", "DaybookTesting", "Digest", "HTTPClient", "HTTPServer", "JSON", "Ledger",
                "LMDB", "Outbound", "POSIX", "YAML",
            ],
            fixtures: false
        ),
        tests("POSIXTests", ["POSIX"], fixtures: false),
        tests(
            "ProjectionsTests",
            [
                "Bytes", "DaybookTesting", "Digest", "JSON", "Ledger", "LMDB", "POSIX",
                "Projections",
                "YAML",
            ],
            fixtures: false
        ),
        tests("TablesTests", ["Bytes", "Tables"], fixtures: false),
        tests("TidyTests", [], fixtures: false),
        tests(
            "WebhooksTests",
            [
                "Bytes", "Catalog", "DaybookTesting", "Digest", "JSON", "Ledger", "Webhooks",
                "YAML",
            ]
        ),
        tests(
            "ServiceTests",
            [
                "Bytes", "DaybookTesting", "Digest", "HTTPServer", "Ledger", "Outbound", "POSIX",
                "Projections", "Service",
            ],
            fixtures: false
        ),
        tests(
            "EndToEndTests",
            [
                "Bytes", "daybook", "DaybookTesting", "Digest", "Ledger", "LMDB", "Merkle",
                "Projections",
            ],
            fixtures: false
        ),
        tests("XMLTests", ["DaybookTesting", "JSON", "XML"]),
        tests("YAMLTests", ["YAML"], fixtures: false),
    ],
    cxxLanguageStandard: .cxx17
)
