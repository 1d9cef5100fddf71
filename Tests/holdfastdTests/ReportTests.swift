import AdminProtocol
import DaemonConfig
import LivesetEngine
import PoolModel
import StatefileLayout
import StatefileMedium
import Testing

@testable import holdfastd

private func settings() throws -> DaemonSettings {
    let toml = """
        [host]
        name = "lab1"
        [timing]
        profile = "fast"
        [[heartbeat.network]]
        name = "a"
        bind = "127.0.0.1"
        [heartbeat.network.peers]
        lab2 = "127.0.0.2"
        lab3 = "127.0.0.3"
        [statefile]
        path = "/srv/statefile"
        """
    return try DaemonSettings(toml: toml, file: "h.toml")
}

private func header() throws -> StatefileHeader {
    let bytes = try StatefileGeometry.recommendedBytes(hostCount: 3)
    return try StatefileHeader(
        generation: PoolGeneration(0x0011_2233_4455_6677_8899_AABB_CCDD_EEFF),
        hostNames: ["lab1", "lab2", "lab3"],
        largestD: .seconds(12),
        timing: .fast,
        createdAtUnixSeconds: 0,
        geometry: try StatefileGeometry(deviceBytes: bytes, hostCount: 3, smallestBlockBytes: 4096)
    )
}

private func facts(_ status: EngineStatus?) throws -> DaemonFacts {
    var facts = DaemonFacts(
        settings: try settings(),
        now: StatusFixture.now,
        startedAt: StatusFixture.now - .seconds(60)
    )
    facts.header = status == nil ? nil : try header()
    facts.engine = status
    facts.warnings = SafetyWarnings.ofConfiguration(facts.settings)
    return facts
}

@Suite struct ReportTests {
    @Test func aStorageThreadThatHangsIsToldWithItsCallAndTime() throws {
        var facts = try facts(nil)
        facts.activity = (.writingSlot, facts.now - .milliseconds(400))
        #expect(!StatusReport(facts).statefile.isHanging)
        #expect(StatusReport(facts).statefile.activityAgeMilliseconds == 400)
        facts.activity = (.writingSlot, facts.now - .seconds(12))
        let report = StatusReport(facts).statefile
        #expect(report.isHanging)
        #expect(report.trouble?.contains("hangs in the write of its slot since 12 s") == true)
        facts.activity = (.idle, facts.now - .seconds(12))
        #expect(StatusReport(facts).statefile.activity == nil)
    }

    @Test func theWaysToTheStatefileAreTold() throws {
        var facts = try facts(nil)
        let way = PathFigures(name: "10.0.0.1:3260")
        way.note(.failed, at: facts.now - .seconds(3))
        way.note(latency: .milliseconds(2))
        facts.ways = [way]
        facts.device = DeviceFacts(kind: .iscsi)
        let report = StatusReport(facts).statefile
        #expect(report.transport == "iscsi")
        #expect(report.ways.map(\.state) == ["failed"])
        #expect(report.ways[0].stateAgeMilliseconds == 3000)
        #expect(report.ways[0].lastLatencyMicroseconds == 2000)
        #expect(report.ways[0].failureCount == 1)
    }

    @Test func withoutItsStatefileTheHostSaysSoInTheWordsOfTheProtocol() throws {
        var facts = try facts(nil)
        facts.statefileTrouble = "open /srv/statefile: No such file or directory (ENOENT)"
        let report = StatusReport(facts)
        #expect(report.joinObstacle?.obstacle == .noStatefile)
        #expect(
            report.joinObstacle?.sentence
                == "The host could not join the liveset because the HA daemon could not access the heartbeat"
                + " disk."
        )
        #expect(report.statefile.trouble?.contains("ENOENT") == true)
        #expect(report.host == "lab1")
        #expect(!report.fencing.isArmed)
        #expect(report.timing.certainlyDeadMilliseconds == Timing(.fast).certainlyDead.inMilliseconds)
    }

    @Test func aMembersReportNamesHostsAndFigures() throws {
        var status = StatusFixture.member()
        status.peers[HostIndex(1)].lastHeartbeat = StatusFixture.now - .milliseconds(300)
        status.peers[HostIndex(1)].hears = HostSet(HostIndex(0))
        let report = StatusReport(try facts(status))
        #expect(report.generation == "00112233-4455-6677-8899-aabbccddeeff")
        #expect(report.members == ["lab1", "lab2"])
        #expect(report.liveset == ["lab1", "lab2", "lab3"])
        #expect(report.master == "lab2")
        #expect(report.lease.leftMilliseconds == 3000)
        #expect(report.lease.ground == .storage)
        #expect(report.hosts.map(\.name) == ["lab1", "lab2", "lab3"])
        #expect(report.hosts[1].heartbeatAgeMilliseconds == 300)
        #expect(report.hosts[1].hears == ["lab1"])
        #expect(report.hosts[2].standing == .removed)
        #expect(report.hosts[2].removedFor == .silent)
        #expect(report.warnings.map(\.code) == ["no-guest-cgroup", "one-network", "no-link-evidence"])
    }

    @Test func theManagersReportIsInRows() throws {
        let report = try #require(LivesetReport(try facts(StatusFixture.member()), isFencing: true))
        #expect(report.hosts == ["lab1", "lab2", "lab3"])
        #expect(report.members == [0, 1])
        #expect(report.memberNumbers == [0: 3, 1: 4])
        #expect(report.master == 1)
        #expect(report.masterIncarnation == 4)
        #expect(report.leaseUntilNanoseconds == 103_000_000_000)
        #expect(report.isFencing)
        #expect(LivesetReport(try facts(nil), isFencing: false) == nil)
    }

    @Test func theServiceLineSaysPhaseViewAndWhyItDoesNotStop() {
        let hosts = ["lab1", "lab2", "lab3"]
        #expect(
            ServiceText.status(StatusFixture.member(), hosts: hosts, stop: .refuse)
                == "member, view 5 active: lab1 lab2, master lab2, disarmed; does not stop while guests run"
                + " here"
        )
        #expect(ServiceText.status(nil, hosts: hosts, stop: nil) == "starting")
    }

    @Test func causesAreWrittenInKebabCase() {
        #expect(RejectionReport.kebab("wrongCode") == "wrong-code")
        #expect(RejectionReport.kebab("replayed") == "replayed")
    }
}
