// swift-tools-version: 6.2
// Holdfast: virtual-machine high availability for a pool of hosts. The layers are told in docs/ARCHITECTURE.md;
// TidyTests holds the import rules.
import PackageDescription

/// Compiler settings every Swift target is built with.
let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6), .strictMemorySafety(), .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"), .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"), .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .enableUpcomingFeature("InferIsolatedConformances"), .enableUpcomingFeature("ImmutableWeakCaptures"),
]

/// A Swift library target with the strict settings.
func library(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: strict)
}

/// An executable target with the strict settings.
func program(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .executableTarget(name: name, dependencies: dependencies, swiftSettings: strict)
}

/// The tests of one target.
func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .testTarget(name: name, dependencies: dependencies, swiftSettings: strict)
}

let argumentParser: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let toml: Target.Dependency = .product(name: "TOMLKit", package: "TOMLKit")

let package = Package(
    name: "holdfast",
    products: [
        // Preloaded into the programs of a lab host, so that its clock can run too fast or too slow.
        .library(name: "holdfast-lab-clock", type: .dynamic, targets: ["CLabClock"])
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/LebJe/TOMLKit", from: "0.6.0"),
    ],
    targets: [
        // L0 words
        library("PoolModel"),
        // L1 deciders and formats
        library("ByteFormat", ["PoolModel"]),
        library("HeartbeatWire", ["PoolModel", "ByteFormat"]),
        library("StatefileLayout", ["PoolModel", "ByteFormat"]),
        library("LivesetEngine", ["PoolModel"]),
        library("FailoverPlanner", ["PoolModel"]),
        // L2 loops
        library("NodeRuntime", ["PoolModel", "ByteFormat", "HeartbeatWire", "StatefileLayout", "LivesetEngine"]),
        // L3 worlds
        .target(name: "CLinux"),
        .systemLibrary(name: "CCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
        .systemLibrary(name: "CFuse", pkgConfig: "fuse3", providers: [.apt(["libfuse3-dev"])]),
        library("LinuxPlatform", ["CLinux", "PoolModel", "ByteFormat", "HeartbeatWire", "LivesetEngine", "NodeRuntime"]),
        library("MessageAuthentication", ["CCrypto", "ByteFormat"]),
        .target(name: "CLocalServices"),
        library("LocalServices", ["CLocalServices"]),
        library("StatefileMedium", ["LinuxPlatform", "PoolModel", "ByteFormat", "StatefileLayout", "NodeRuntime"]),
        library("StatefileBlock", [
            "CLinux", "LinuxPlatform", "PoolModel", "ByteFormat", "StatefileLayout", "StatefileMedium",
        ]),
        .systemLibrary(name: "CISCSI", pkgConfig: "libiscsi", providers: [.apt(["libiscsi-dev"])]),
        library("StatefileISCSI", [
            "CISCSI", "LinuxPlatform", "PoolModel", "ByteFormat", "StatefileLayout", "StatefileMedium",
        ]),
        library("StatefileTransports", [
            "StatefileMedium", "StatefileBlock", "StatefileISCSI", "LinuxPlatform", "PoolModel", "ByteFormat",
            "StatefileLayout",
        ]),
        library("Simulator", ["PoolModel", "LivesetEngine"]),
        library("RuntimeFakes", [
            "PoolModel", "ByteFormat", "HeartbeatWire", "StatefileLayout", "LivesetEngine", "NodeRuntime",
        ]),
        // L4 control plane
        library("DaemonConfig", [
            "PoolModel", "LivesetEngine", "HeartbeatWire", "StatefileLayout", "StatefileMedium", "LinuxPlatform", toml,
        ]),
        library("JournalLog", ["PoolModel", "LivesetEngine", "LinuxPlatform", "LocalServices", logging]),
        library("AdminProtocol", ["PoolModel", "LinuxPlatform", "LocalServices"]),
        library("HypervisorAPI", ["PoolModel"]),
        library("HypervisorProcess", ["HypervisorAPI", "LinuxPlatform", "PoolModel"]),
        library("ControlPlane", [
            "PoolModel", "ByteFormat", "StatefileLayout", "StatefileMedium", "StatefileTransports", "FailoverPlanner",
            "HypervisorAPI", "AdminProtocol", "MessageAuthentication", "LinuxPlatform", "DaemonConfig", logging,
        ]),
        .target(name: "CLab"),
        .target(name: "CLabClock", dependencies: ["CLab"]),
        library("LabPlatform", ["CLab", "CFuse"]),
        library("LabWorld", ["LabPlatform"]),
        // L5 executables
        program("holdfastd", [
            "PoolModel", "LivesetEngine", "NodeRuntime", "LinuxPlatform", "MessageAuthentication", "StatefileMedium",
            "StatefileTransports", "StatefileLayout", "HeartbeatWire", "ByteFormat", "DaemonConfig", "JournalLog", "AdminProtocol", "LocalServices",
            argumentParser, logging,
        ]),
        program("holdfast-manager", [
            "ControlPlane", "HypervisorAPI", "HypervisorProcess", "DaemonConfig", "JournalLog", "AdminProtocol", "LinuxPlatform",
            "LocalServices", "PoolModel", "StatefileMedium", argumentParser, logging,
        ]),
        program("holdfast", [
            "AdminProtocol", "ControlPlane", "DaemonConfig", "StatefileLayout", "StatefileMedium", "StatefileTransports",
            "MessageAuthentication", "LinuxPlatform", "PoolModel", "ByteFormat", argumentParser,
        ]),
        program("holdfast-lab", ["LabWorld", "LabPlatform", "AdminProtocol", "ControlPlane", "PoolModel", argumentParser]),
        program("holdfast-lab-host", ["LabWorld", "LabPlatform"]),
        program("holdfast-lab-guest", ["LabWorld", "LabPlatform"]),
        .target(name: "CAllocationCount"),
        program("holdfast-alloc-check", [
            "CAllocationCount", "RuntimeFakes", "MessageAuthentication", "PoolModel", "LivesetEngine", "NodeRuntime",
            "LinuxPlatform", "StatefileMedium", "StatefileBlock", "StatefileISCSI", "StatefileLayout", "ByteFormat",
        ]),
        // Tests
        tests("PoolModelTests", ["PoolModel"]),
        tests("ByteFormatTests", ["ByteFormat", "PoolModel", "MessageAuthentication"]),
        tests("HeartbeatWireTests", ["HeartbeatWire", "PoolModel", "ByteFormat", "MessageAuthentication"]),
        tests("StatefileLayoutTests", ["StatefileLayout", "PoolModel", "ByteFormat", "MessageAuthentication"]),
        tests("LivesetEngineTests", ["LivesetEngine", "PoolModel", "Simulator"]),
        tests("FailoverPlannerTests", ["FailoverPlanner", "PoolModel"]),
        tests("NodeRuntimeTests", [
            "NodeRuntime", "RuntimeFakes", "PoolModel", "LivesetEngine", "ByteFormat", "HeartbeatWire", "StatefileLayout",
        ]),
        tests("LinuxPlatformTests", ["LinuxPlatform", "CLinux", "PoolModel", "LivesetEngine", "NodeRuntime", "RuntimeFakes"]),
        tests("StatefileBlockTests", [
            "StatefileBlock", "StatefileMedium", "StatefileLayout", "PoolModel", "ByteFormat", "MessageAuthentication",
            "NodeRuntime", "LinuxPlatform", "CLinux", "RuntimeFakes",
        ]),
        tests("StatefileMediumTests", [
            "StatefileMedium", "StatefileLayout", "NodeRuntime", "LinuxPlatform", "ByteFormat", "RuntimeFakes", "PoolModel",
        ]),
        tests("StatefileISCSITests", [
            "StatefileISCSI", "StatefileMedium", "StatefileLayout", "StatefileTransports", "PoolModel", "ByteFormat",
            "NodeRuntime", "LinuxPlatform", "RuntimeFakes", "LivesetEngine",
        ]),
        tests("DaemonConfigTests", ["DaemonConfig", "LivesetEngine", "StatefileMedium", "PoolModel"]),
        tests("ControlPlaneTests", [
            "ControlPlane", "HypervisorAPI", "HypervisorProcess", "PoolModel", "AdminProtocol", "StatefileMedium",
            "StatefileBlock", "StatefileLayout", "MessageAuthentication", "LinuxPlatform", "ByteFormat", logging,
        ]),
        tests("AdminProtocolTests", ["AdminProtocol", "LocalServices", "PoolModel"]),
        tests("JournalLogTests", ["JournalLog", "LivesetEngine", "PoolModel"]),
        tests("holdfastdTests", [
            "holdfastd", "AdminProtocol", "DaemonConfig", "LivesetEngine", "StatefileLayout", "StatefileMedium", "PoolModel",
        ]),
        tests("LabWorldTests", ["LabWorld", "LabPlatform", "holdfast-lab-host", "holdfast-lab-guest"]),
        tests("HoldfastTests", [
            "holdfast", "AdminProtocol", "StatefileMedium", "StatefileBlock", "StatefileLayout", "MessageAuthentication", "PoolModel",
        ]),
        tests("TidyTests", []),
    ]
)
