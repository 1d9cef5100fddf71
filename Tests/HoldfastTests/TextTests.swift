import AdminProtocol
import PoolModel
import Testing

@testable import holdfast

@Suite("Texts and arguments of the command line")
struct TextTests {
    @Test(
        "an age reads as people say it",
        arguments: [
            (nil, "never"), (0, "0.0 s"), (249, "0.2 s"), (250, "0.3 s"), (-1500, "-1.5 s"),
            (119_949, "119.9 s"),
            (120_000, "2 min 0 s"), (7_199_000, "119 min 59 s"), (7_200_000, "2 h 0 min"),
            (172_800_000, "2 d 0 h"),
        ] as [(Int?, String)]
    )
    func ages(milliseconds: Int?, text: String) { #expect(TimeText.span(milliseconds) == text) }

    @Test("a point in time is shown in UTC with milliseconds")
    func instants() {
        #expect(TimeText.instant(wallMilliseconds: 1_767_225_601_250) == "2026-01-01 00:00:01.250Z")
    }

    @Test("columns are as wide as their widest cell, and the last one has no blanks behind it")
    func table() {
        var table = TextTable(["A", "LONG HEAD", "END"])
        table.add([.init("longer"), .init("x"), .init("")])
        #expect(table.text(Ink(isColoured: false), indent: "  ") == "  A       LONG HEAD  END\n  longer  x")
    }

    @Test("a generation is shown as a UUID, leading zeros and all")
    func poolID() {
        let generation = PoolGeneration(0x0123_4567_89ab_4def_8123_4567_89ab_cdef)
        #expect(PoolID.text(generation) == "01234567-89ab-4def-8123-456789abcdef")
        #expect(PoolID.text(PoolGeneration(1)) == "00000000-0000-0000-0000-000000000001")
    }

    @Test(
        "a size of memory is read with its unit",
        arguments: [
            ("512", 512), ("512MiB", 512), ("4GiB", 4096), ("4 GiB", 4096), ("0", nil), ("4TB", nil),
            ("", nil),
            ("-1", nil), ("1.5GiB", nil),
        ] as [(String, Int?)]
    )
    func memory(text: String, mebibytes: Int?) { #expect(MemorySize(argument: text)?.mebibytes == mebibytes) }

    @Test(
        "a delay is read with its unit",
        arguments: [("30", 30), ("30s", 30), ("2min", 120), ("0", 0), ("1h", nil), ("x", nil)]
            as [(String, Int?)]
    )
    func delay(text: String, seconds: Int?) { #expect(StartDelay(argument: text)?.seconds == seconds) }

    @Test("a setting is a key, an equals sign and a value; the empty priority means not protected")
    func settings() throws {
        guard case .priority(.restart) = Setting(argument: "ha-restart-priority=restart") else {
            Issue.record("restart")
            return
        }
        guard case .priority(.none) = Setting(argument: "ha-restart-priority=") else {
            Issue.record("empty")
            return
        }
        #expect(Setting(argument: "ha-restart-priority=sometimes") == nil)
        #expect(Setting(argument: "order") == nil)
        #expect(Setting(argument: "colour=red") == nil)
    }

    @Test("every exit status has its own number and is in the help")
    func exitStatuses() {
        #expect(Set(ExitStatus.allCases.map(\.rawValue)).count == ExitStatus.allCases.count)
        for status in ExitStatus.allCases { #expect(ExitStatus.help.contains(status.meaning)) }
    }

    @Test("a daemon that does not run, a wrong user and a refusal end with different statuses")
    func failures() {
        let gone = AdminClientError.cannotConnect(
            path: "/run/x.sock",
            reason: "connect: No such file or directory"
        )
        let denied = AdminClientError.cannotConnect(path: "/run/x.sock", reason: "connect: Permission denied")
        let refused = AdminClientError.refused(AdminFailure(.guestsRun, "2 guests run here"))
        let unknown = AdminClientError.refused(AdminFailure(.unknownHost, "no host lab9"))
        #expect(CommandFailure(gone, server: .daemon).status == .unreachable)
        #expect(CommandFailure(gone, server: .daemon).message.contains("systemctl start holdfastd"))
        #expect(CommandFailure(gone, server: .manager).message.contains("systemctl start holdfast-manager"))
        #expect(CommandFailure(denied, server: .daemon).status == .forbidden)
        #expect(CommandFailure(refused, server: .daemon).status == .refused)
        #expect(CommandFailure(refused, server: .daemon).message == "2 guests run here")
        #expect(CommandFailure(unknown, server: .daemon).status == .missing)
    }

    @Test("the levels of events are ordered")
    func levels() {
        #expect(EventLevel.allCases == EventLevel.allCases.sorted())
        #expect(EventLevel.warning < .error)
    }
}
