// swift-tools-version: 6.2
import PackageDescription

/// What every Swift target of the house is built with (house style, rule 3).
let house: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .strictMemorySafety(),
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableExperimentalFeature("Lifetimes"),
]

/// What the rooms on a request's path, and the one that every file of the configuration goes through, are built with
/// besides. Swift's check at run time that no two accesses to a property overlap took 21 % of the router's instructions;
/// tests and debug programs run with it.
let hot: [SwiftSetting] =
    house + [.unsafeFlags(["-enforce-exclusivity=unchecked"], .when(configuration: .release))]
let hotRooms: Set = [
    "AspNetCoreModule", "Compression", "EventLoop", "HTTP1", "HostModel", "Modules", "Pipeline", "Platform", "Router",
    "Wire", "Worker", "XML",
]

/// A library room and, beside it, the tests that mirror it.
func room(
    _ name: String, _ dependencies: [Target.Dependency] = [], testing: [Target.Dependency] = [], fixtures: Bool = false,
    linking: [LinkerSetting] = []
) -> [Target] {
    [
        .target(
            name: name, dependencies: dependencies, swiftSettings: hotRooms.contains(name) ? hot : house,
            linkerSettings: linking),
        .testTarget(
            name: "\(name)Tests", dependencies: [.target(name: name)] + dependencies + testing,
            exclude: fixtures ? ["Fixtures"] : [], swiftSettings: house),
    ]
}

/// An executable of one role: it reads its arguments and calls one function.
func role(_ name: String, _ dependencies: [Target.Dependency], exclude: [String] = []) -> [Target] {
    [.executableTarget(name: name, dependencies: dependencies, exclude: exclude, swiftSettings: house)]
}

let foundations: [Target] = [
    .systemLibrary(name: "CBrotli", providers: [.apt(["libbrotli-dev"])]),
    .systemLibrary(name: "CLibXML2", pkgConfig: "libxml-2.0", providers: [.apt(["libxml2-dev"])]),
    .systemLibrary(name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
    .systemLibrary(name: "CZlib", providers: [.apt(["zlib1g-dev"])]),
    .systemLibrary(name: "CZstd", providers: [.apt(["libzstd-dev"])]),
    .target(name: "CPlatform"),
    .target(name: "CCredentials", linkerSettings: [.linkedLibrary("crypt")]),
    .target(name: "CCrypto", linkerSettings: [.linkedLibrary("crypto")]),
    .target(name: "CMigrations"),
    .target(name: "CBuiltInFiles", exclude: ["Schema", "applicationHost.config"]),
]

let libraries: [Target] = Array(
    [
        room("AccessLogs", ["Administration", "Events", "HostModel", "Platform"], testing: ["TestSupport"]),
        room(
            "Administration",
            ["BuiltInFiles", "Configuration", "DotNet", "Events", "HostModel", "JSON", "Platform", "Wire"],
            testing: ["TestSupport"]),
        room(
            "AspNetCoreModule",
            ["Configuration", "DotNet", "EventLoop", "HTTP1", "HostModel", "Pipeline", "Platform", "Programs", "Wire"],
            testing: ["PipelineTesting", "TestSupport"]),
        room("AppCmd", ["Administration", "Configuration", "Events", "Operations"]),
        room("Arguments"),
        room("BuiltInFiles", ["CBuiltInFiles"]),
        // Archives, so that the programs need no packages and workers no private pages for the libraries' tables.
        room(
            "Compression", ["CBrotli", "CZlib", "CZstd", "HTTP1"], testing: ["CompressionTesting"],
            linking: [":libbrotlienc.a", ":libbrotlicommon.a", ":libz.a", ":libzstd.a"].map { .linkedLibrary($0) }),
        room("Configuration", ["BuiltInFiles", "Platform", "XML"], testing: ["TestSupport"], fixtures: true),
        room(
            "ConfigurationStore",
            [
                "Administration", "CMigrations", "Compression", "Configuration", "Crypto", "Events", "HostModel",
                "Platform", "SQLite",
            ],
            testing: ["TestSupport"]),
        room("Control", ["EventLoop", "Platform", "Wire"]),
        room("Credentials", ["CCredentials", "Crypto"]),
        room(
            "Delegation",
            ["Administration", "Configuration", "Crypto", "Events", "HostModel", "Operations", "Platform"],
            testing: ["TestSupport"]),
        room("Crypto", ["CCrypto"]),
        room(
            "Diagnosis",
            ["Administration", "Configuration", "ConfigurationStore", "Events", "HostModel", "Platform"],
            testing: ["TestSupport"]),
        room("DotNet", ["JSON", "Platform"], testing: ["TestSupport"]),
        room("EventLoop", ["Platform"]),
        room("Events"),
        room(
            "Explanation",
            [
                "Administration", "AspNetCoreModule", "Configuration", "Events", "HTTP1", "HostModel", "Modules",
                "Pipeline", "Platform", "Wire",
            ],
            testing: ["PipelineTesting"]),
        room("HTTP1"),
        room("HostModel", ["Configuration", "DotNet", "Platform", "Programs"]),
        room("JSON", ["Events"]),
        room(
            "Master",
            [
                "Administration", "Configuration", "ConfigurationStore", "Control", "Delegation", "EventLoop", "Events",
                "HTTP1", "HostModel", "Platform", "Wire",
            ],
            testing: ["TestSupport"]),
        room(
            "Modules",
            [
                "Compression", "Configuration", "Credentials", "Crypto", "DotNet", "HTTP1", "Pipeline", "Platform",
                "Wire",
            ],
            testing: ["CompressionTesting", "PipelineTesting", "TestSupport"]),
        room("Operations", ["Configuration"]),
        room("Pipeline", ["Configuration", "HostModel", "Platform", "Wire"], testing: ["PipelineTesting"]),
        room("Platform", ["CPlatform"], testing: ["TestSupport"]),
        room("Programs", ["Configuration", "DotNet", "Platform"]),
        room("Router", ["Control", "EventLoop", "HTTP1", "Platform", "Wire"], testing: ["TestSupport", "Worker"]),
        room("SQLite", ["CSQLite", "Platform"], testing: ["TestSupport"]),
        room("Wire"),
        room(
            "Worker",
            [
                "AspNetCoreModule", "Configuration", "Control", "EventLoop", "HTTP1", "HostModel", "Modules",
                "Pipeline",
                "Platform", "Wire",
            ],
            testing: ["PipelineTesting"]),
        room("XML", ["CLibXML2"]),
    ].joined())

/// What the tests of several rooms share.
let testing: [Target] = [
    .target(
        name: "CompressionTesting", dependencies: ["CBrotli", "CZlib", "CZstd", "HTTP1"],
        path: "Tests/CompressionTesting", swiftSettings: house,
        linkerSettings: [":libbrotlidec.a", ":libbrotlicommon.a", ":libz.a", ":libzstd.a"].map { .linkedLibrary($0) }),
    .target(
        name: "FuzzTargets",
        dependencies: ["Configuration", "DotNet", "HTTP1", "HTTP1Testing", "HostModel", "JSON", "Wire", "XML"],
        path: "Tests/Fuzz/FuzzTargets", swiftSettings: house),
    .testTarget(name: "FuzzTests", dependencies: ["FuzzTargets", "Platform"], swiftSettings: house),
    .target(name: "HTTP1Testing", dependencies: ["HTTP1"], path: "Tests/HTTP1Testing", swiftSettings: house),
    .target(
        name: "PipelineTesting", dependencies: ["Configuration", "HostModel", "Pipeline", "Platform", "Wire"],
        path: "Tests/PipelineTesting", swiftSettings: house),
    .target(name: "TestSupport", dependencies: ["Platform"], path: "Tests/TestSupport", swiftSettings: house),
]

let roles: [Target] = Array(
    [
        role(
            "hostelry",
            [
                "AccessLogs", "Administration", "AppCmd", "Arguments", "Configuration", "ConfigurationStore",
                "Delegation", "Diagnosis", "DotNet", "Events", "Explanation", "HostModel", "Master", "Operations",
                "Platform",
                "Wire",
            ],
            exclude: ["Service"]),
        role("hostelry-router", ["EventLoop", "Platform", "Router"]),
        role("hostelry-worker", ["EventLoop", "Platform", "Worker"]),
    ].joined())

let benchmarks: [Target] = [
    .executableTarget(
        name: "ConfigurationBenchmark", dependencies: ["Configuration", "HostModel", "Platform"],
        path: "Tests/Benchmarks/ConfigurationBenchmark", swiftSettings: house),
    .executableTarget(
        name: "HistoryBenchmark", dependencies: ["Configuration", "ConfigurationStore", "Platform"],
        path: "Tests/Benchmarks/HistoryBenchmark", swiftSettings: house),
    .executableTarget(
        name: "LinkBenchmark", dependencies: ["Control", "EventLoop", "Platform", "Wire", "Worker"],
        path: "Tests/Benchmarks/LinkBenchmark", swiftSettings: house),
    .executableTarget(
        name: "PipelineBenchmark",
        dependencies: ["Configuration", "Modules", "Pipeline", "PipelineTesting", "Platform", "Wire"],
        path: "Tests/Benchmarks/PipelineBenchmark", swiftSettings: house),
    .executableTarget(
        name: "StoreBenchmark",
        dependencies: ["Configuration", "ConfigurationStore", "HostModel", "Platform", "SQLite"],
        path: "Tests/Benchmarks/StoreBenchmark", swiftSettings: house),
]

/// Programs that the tests from outside run (Tests/Conformance).
let differential: [Target] = [
    .executableTarget(
        name: "RequestStreamReader", dependencies: ["HTTP1Testing", "Platform"],
        path: "Tests/Differential/RequestStreamReader", swiftSettings: house)
]

/// Only `Tests/Fuzz/run` builds it: libFuzzer brings its `main`.
let fuzzing: [Target] =
    Context.environment["HOSTELRY_FUZZING"] == nil
    ? []
    : [
        .executableTarget(
            name: "Fuzzer", dependencies: ["FuzzTargets"], path: "Tests/Fuzz/Fuzzer", swiftSettings: house)
    ]

let package = Package(
    name: "hostelry", targets: foundations + libraries + testing + roles + benchmarks + differential + fuzzing)
