import AdminProtocol
import Testing

@testable import holdfast

@Suite("holdfast status")
struct StatusTests {
    private let plain = Ink(isColoured: false)

    @Test("a healthy host is protected and nothing is missing")
    func healthy() {
        let report = SampleReports.healthy()
        #expect(Protection(of: report).isFull)
        let text = StatusText(report: report, ink: plain).text
        #expect(text.contains("protected: nothing is missing"))
        #expect(text.contains("by own statefile rounds, 3.6 s left"))
        #expect(text.contains("armed: /dev/watchdog, resets after 2.0 s"))
        #expect(!text.contains("\u{1B}"))
    }

    @Test("each thing that weakens protection is named", arguments: weaknesses)
    func weakened(weakness: Weakness) {
        var report = SampleReports.healthy()
        weakness.change(&report)
        let protection = Protection(of: report)
        #expect(!protection.isFull)
        #expect(
            protection.shortcomings.contains { $0.contains(weakness.words) },
            "\(protection.shortcomings)"
        )
        #expect(StatusText(report: report, ink: plain).text.contains(weakness.words))
    }

    struct Weakness: Sendable, CustomStringConvertible {
        let words: String
        let change: @Sendable (inout StatusReport) -> Void
        var description: String { words }
    }

    static let weaknesses = [
        Weakness(words: "still enabling") { $0.poolState = .enabling },
        Weakness(words: "high availability is off") { $0.poolState = .disabled },
        Weakness(words: "watchdog is not armed") { $0.fencing.isArmed = false },
        Weakness(words: "no lease") { $0.lease.ground = .none },
        Weakness(words: "/srv/statefile cannot be used") { $0.statefile.isLive = false },
        Weakness(words: "over 10.0.0.2:3260 has failed") { report in
            var way = StatefileWayReport()
            (way.name, way.state, way.failureCount) = ("10.0.0.2:3260", "failed", 1)
            report.statefile.ways = [way]
        },
        Weakness(words: "the storage thread hangs") { report in
            report.statefile.isHanging = true
            report.statefile.trouble = "the storage thread hangs in the write of its slot since 12 s"
        },
        Weakness(words: "a hold is in force") { $0.hold = true },
        Weakness(words: "heartbeat link of this host is down") { $0.netOK = false },
        Weakness(words: "heartbeat network storage-a") { $0.networks[0].trouble = "eth0 has no carrier" },
        Weakness(words: "not in the liveset: lab3") { $0.hosts[2].standing = .removed },
        Weakness(words: "lab2 runs unguarded") { $0.hosts[1].phase = .unguarded },
        Weakness(words: "lab2 is not heard") { $0.hosts[1].isHeard = false },
        Weakness(words: "lab3 has lost its storage") { $0.hosts[2].isStorageLive = false },
        Weakness(words: "a heartbeat link of lab3 is down") { $0.hosts[2].netOK = false },
        Weakness(words: "not in the liveset yet") { $0.phase = .joining },
        Weakness(words: "unguarded") { $0.phase = .unguarded },
    ]

    @Test("a host that adopted no view does not claim to know the pool's state")
    func outsideOfThePool() {
        var report = SampleReports.healthy()
        report.phase = .heldOut
        report.epoch = 0
        report.poolState = .enabling
        report.hosts[1].epoch = 7
        let text = StatusText(report: report, ink: plain).text
        #expect(text.contains("no view adopted here, the pool is at view 7"))
        #expect(!text.contains("enabling"))
        #expect(!Protection(of: report).isFull)
    }

    @Test("a warning of the daemon is shown and leaves the host protected")
    func warnings() {
        var report = SampleReports.healthy()
        report.warnings = [WarningReport(code: "softdog", message: "a hung kernel is not reset")]
        #expect(Protection(of: report).isFull)
        #expect(StatusText(report: report, ink: plain).text.contains("~ softdog: a hung kernel is not reset"))
    }

    @Test("the matrix shows who hears whom, and a host that never spoke as unknown")
    func matrix() {
        var hosts = SampleReports.healthy().hosts
        hosts[0].hears = ["lab2"]
        hosts[2].phase = .empty
        let text = LivesetMatrix(hosts: hosts, ink: plain).text
        let expected = """
              HEARS  lab1  lab2  lab3  VOUCHES FOR
              lab1   ·     yes   no    -
              lab2   yes   ·     yes   -
              lab3   ?     ?     ·     -
            """
        #expect(text == expected)
    }

    @Test("a pool of one has no matrix")
    func noMatrix() {
        #expect(LivesetMatrix(hosts: [SampleReports.healthy().hosts[0]], ink: plain).text.isEmpty)
    }

    @Test("colours are written only with a coloured pen")
    func colours() {
        let report = SampleReports.healthy()
        #expect(StatusText(report: report, ink: Ink(isColoured: true)).text.contains("\u{1B}[32m"))
    }
}
