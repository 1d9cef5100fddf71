import LabPlatform
import Testing

@testable import LabWorld

@Suite("The boot clock of a lab host")
struct HostClockTests {
    private static let canPreload =
        FileTree.isExecutable(Programs.folder + "/holdfast-lab-host")
        && FileTree.exists(Programs.folder + "/" + HostClock.library)

    /// What a program of the host reads, and the machine's clock before and after.
    private struct Look {
        let before: Int64
        let shown: Int64
        let after: Int64
    }

    private func look(_ page: String) throws -> Look {
        var start = ProgramStart(Programs.folder + "/holdfast-lab-host", ["clock"])
        start.environment = [
            "LD_PRELOAD=" + Programs.folder + "/" + HostClock.library, "HOLDFAST_LAB_CLOCK=" + page,
        ]
        let before = LabClock.now
        let (end, text) = try Processes.outcome(start)
        let after = LabClock.now
        #expect(end == .exited(0), "\(text)")
        let digits = text.split(separator: "\n").first.map(String.init) ?? ""
        return Look(before: before, shown: try #require(Int64(digits)), after: after)
    }

    private func withPage(_ body: (String) throws -> Void) throws {
        let folder = "/tmp/holdfast-lab-clock-\(Processes.ownPid)-\(LabClock.now)"
        try FileTree.makeFolder(folder)
        defer { FileTree.removeAll(folder) }
        try body(folder + "/clock")
    }

    @Test(
        "at rate 0 it shows the machine's",
        .enabled(if: canPreload, "the lab's programs are not beside the tests")
    )
    func trueClock() throws {
        try withPage { page in
            try HostClock.drift(page, partsPerMillion: 0)
            let seen = try look(page)
            #expect((seen.before...seen.after).contains(seen.shown))
        }
    }

    @Test(
        "it runs at its rate from the change on, does not jump, and keeps what it gained",
        .enabled(if: canPreload, "the lab's programs are not beside the tests")
    )
    func driftingClock() throws {
        try withPage { page in
            // Ten times as fast: milliseconds are enough to see it.
            let earliest = LabClock.now
            try HostClock.drift(page, partsPerMillion: 9_000_000)
            let latest = LabClock.now
            let fast = try look(page)
            #expect(fast.shown >= latest + (fast.before - latest) * 10)
            #expect(fast.shown <= earliest + (fast.after - earliest) * 10)

            try HostClock.drift(page, partsPerMillion: 0)
            let kept = try look(page)
            #expect(kept.shown > fast.shown)
            #expect(kept.shown - kept.after >= fast.shown - fast.after)
        }
    }

    @Test(
        "a program whose page is missing does not run with a true clock in silence",
        .enabled(if: canPreload, "the lab's programs are not beside the tests")
    )
    func missingPage() throws {
        var start = ProgramStart(Programs.folder + "/holdfast-lab-host", ["clock"])
        start.environment = [
            "LD_PRELOAD=" + Programs.folder + "/" + HostClock.library,
            "HOLDFAST_LAB_CLOCK=/nonexistent/clock",
        ]
        let (end, _) = try Processes.outcome(start)
        #expect(end == .signalled(6))
    }
}
