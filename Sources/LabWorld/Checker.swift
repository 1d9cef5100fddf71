internal import Glibc
internal import LabPlatform

/// The verdict of the independent checker, which reads the disks and the disk services' logs and asks no
/// daemon.
public struct CheckReport: Codable, Sendable {
    /// Everything that is wrong; must be empty.
    public var findings: [CheckFinding]
    /// The runs of every machine in order.
    public var runs: [MachineRun]
    /// How many writes were looked at.
    public var writeCount: Int
    /// Lines of the logs that could not be read; must be zero.
    public var unreadableLineCount: Int
    /// CLOCK_BOOTTIME of the reading.
    public var takenAt: Int64

    /// Nothing is wrong and there was something to look at.
    public var isClean: Bool { findings.isEmpty && writeCount > 0 && unreadableLineCount == 0 }

    /// The machines that never wrote, of those that should have.
    public func silent(of machines: [String]) -> [String] {
        machines.filter { machine in !runs.contains { $0.machine == machine } }
    }

    /// The run that wrote last, and how long ago, in seconds.
    public func latest(of machine: String) -> (run: MachineRun, ageSeconds: Double)? {
        guard let run = runs.filter({ $0.machine == machine }).max(by: { $0.lastIssued < $1.lastIssued })
        else {
            return nil
        }
        return (run, Double(takenAt - run.lastIssued) / 1e9)
    }
}

/// Reads what a lab's disks and logs hold.
public enum Checker {
    /// The verdict on the lab in this folder; may be asked while it runs and after.
    public static func report(directory: String) -> CheckReport {
        let paths = LabPaths(root: directory)
        let takenAt = LabClock.now
        let disks = FileTree.names(in: paths.guestDisks).map {
            ($0, records(on: paths.guestDisks + "/" + $0))
        }
        var writes: [LoggedWrite] = []
        var unreadable = 0
        for name in FileTree.names(in: paths.writeLogs) where name.hasSuffix(".log") {
            let text = FileTree.text(paths.writeLogs + "/" + name) ?? ""
            // What follows the last line feed is a line that is being written.
            for line in text.split(separator: "\n", omittingEmptySubsequences: false).dropLast() {
                if let write = LoggedWrite(line: line) { writes.append(write) } else { unreadable += 1 }
            }
        }
        let plan = try? LabPlan.load(directory: directory)
        let check = DoubleWriterCheck(writes, hostsHaveOwnClocks: plan?.hostsHaveOwnClocks ?? false)
        let comparisons = disks.flatMap { name, records in
            check.compare(disk: records, of: String(name.dropLast(5)), takenAt: takenAt)
        }
        return CheckReport(
            findings: check.findings() + comparisons,
            runs: check.machines.flatMap { check.runs(of: $0) },
            writeCount: writes.count,
            unreadableLineCount: unreadable,
            takenAt: takenAt
        )
    }

    private static func records(on path: String) -> [GuestRecord] {
        guard let file = try? Descriptor(path: path, flags: O_RDONLY) else { return [] }
        switch file.read(at: 0, count: Int(GuestRecord.diskBytes)) {
        case .success(let bytes): return GuestRecord.all(on: bytes)
        case .failure: return []
        }
    }
}
