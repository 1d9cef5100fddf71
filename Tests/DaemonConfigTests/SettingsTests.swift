import FoundationEssentials
import LivesetEngine
import PoolModel
import StatefileMedium
import Testing

@testable import DaemonConfig

private func read(_ toml: String) throws -> DaemonSettings { try DaemonSettings(toml: toml, file: "h.toml") }

@Suite struct SettingsTests {
    @Test func aCorrectFileGivesItsValuesAndTheDefaults() throws {
        let settings = try read(SampleText.correct)
        #expect(settings.host.name == "lab1")
        #expect(settings.host.weight == 100)
        #expect(settings.host.bootIDFile == "/proc/sys/kernel/random/boot_id")
        #expect(settings.timing.choice == .fast)
        #expect(settings.timing.derived.grace == .seconds(4))
        #expect(settings.heartbeat.networks.count == 1)
        let network = try #require(settings.heartbeat.networks.first)
        #expect(network.bind.description == "10.77.0.1:7694")
        #expect(network.peers["lab2"]?.description == "10.77.0.2:7694")
        #expect(network.peers["lab3"]?.description == "10.77.0.3:7700")
        #expect(network.witness?.description == "10.77.0.254")
        #expect(settings.statefile.source.lateWriteWait == nil)
        #expect(settings.fencing.watchdog == "/dev/watchdog")
        #expect(!settings.fencing.allowSoftdog)
        #expect(settings.policy.removalLimit == 3)
        #expect(settings.policy.storageLossLimit == .forever)
        #expect(settings.paths.daemonSocket == "/run/holdfast/holdfastd.sock")
        #expect(settings.manager.memoryBytes == 4 << 30)
    }

    @Test func theSampleThatIsShippedIsCorrect() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let settings = try DaemonSettings(contentsOf: root.appending(path: "config/holdfast.toml").path)
        #expect(settings.host.name == "lab1")
    }

    @Test func aStallToleranceDerivesEveryTime() throws {
        let text = SampleText.with(#"storage-stall-tolerance = "20s""#, insteadOf: #"profile = "fast""#)
        let settings = try read(text)
        #expect(settings.timing.choice == .storageStallTolerance(.seconds(20)))
        #expect(settings.timing.derived == Timing(.storageStallTolerance(.seconds(20))))
        #expect(settings.timing.words == "storage-stall-tolerance 20 s")
    }

    @Test func policiesAndWaitsAreRead() throws {
        let policy = """
            on-storage-loss = "fence"
            on-even-partition = "tie-break"
            removal-limit = 0
            """
        var text = SampleText.adding(policy, below: "[policy]")
        text = text.replacing("\"never\"", with: "\"10min\"")
        text = text.replacing(
            "[statefile]",
            with: "[statefile]\nlate-write-wait = \"0s\"\npath-may-repeat-writes = true"
        )
        let settings = try read(text)
        #expect(settings.policy.onStorageLoss == .fence)
        #expect(settings.policy.onEvenPartition == .tieBreak)
        #expect(settings.policy.removalLimit == 0)
        #expect(settings.policy.storageLossLimit == .seconds(600))
        #expect(settings.statefile.source.lateWriteWait == .zero)
        #expect(settings.statefile.pathMayRepeatWrites)
    }

    @Test func theEngineIsToldWhatTheFileAndTheHeaderSay() throws {
        let settings = try read(SampleText.correct)
        let header = HeaderFacts(hosts: ["lab3", "lab1", "lab2"], largestD: .seconds(12))
        let engine = try settings.engineSettings(header: header)
        #expect(engine.own == HostIndex(1))
        #expect(engine.hostCount == 3)
        #expect(engine.timing == Timing(.fast))
        #expect(engine.largestD == .seconds(12))
        #expect(engine.storageLossLimit == .forever)
    }

    @Test func aLogicalUnitIsReadWithWhatReachesIt() throws {
        let text = SampleText.with(
            """
            url = "iscsi://pool@10.0.0.1,10.0.0.2/iqn.2026-01.com.example:sf/1"
            chap-file = "/etc/holdfast/chap"
            initiator-name = "iqn.2026-01.com.example:lab1"
            """,
            insteadOf: #"path = "/srv/statefile""#
        )
        let statefile = try DaemonSettings(toml: text, file: "h.toml").statefile
        #expect(statefile.path == "iscsi://pool@10.0.0.1:3260,10.0.0.2:3260/iqn.2026-01.com.example:sf/1")
        #expect(statefile.source.chapFile == "/etc/holdfast/chap")
        #expect(statefile.source.initiatorName == "iqn.2026-01.com.example:lab1")
        #expect(statefile.source.hostName == "lab1")
        // A write that one portal holds back is sent over the other.
        #expect(statefile.pathMayRepeatWrites)
        #expect(!statefile.saysThatPathRepeatsWrites)
    }
}
