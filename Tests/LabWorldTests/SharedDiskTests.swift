import LabPlatform
import Testing

@testable import LabWorld

/// The lab's own programs, which lie beside the tests.
enum Programs {
    static var folder: String {
        let program = FileTree.link("/proc/self/exe") ?? ""
        for argument in CommandLine.arguments + [program] {
            guard let slash = argument.lastIndex(of: "/") else { continue }
            let folder = String(argument[..<slash])
            for candidate in [folder, folder + "/../../..", folder + "/.."]
            where FileTree.isExecutable(candidate + "/holdfast-lab-host") {
                return candidate
            }
        }
        return ""
    }

    static var canServe: Bool {
        Processes.isRoot && FileTree.exists("/dev/fuse")
            && FileTree.isExecutable(folder + "/holdfast-lab-host")
    }
}

/// A lab without daemons: disks and hardware only.
final class DiskLab {
    let plan: LabPlan
    var benches: [BenchProcess] = []

    init(_ id: String) throws {
        var plan = LabPlan(
            id: id,
            binaries: Programs.folder,
            directory: "/tmp/holdfast-lab-test-\(Processes.ownPid)-\(id)"
        )
        plan.mode = .loopback
        plan.hostCount = 2
        self.plan = plan
        try LabFolder.make(plan)
        for name in plan.hostNames {
            try FileTree.write("boot-of-\(name)\n", to: plan.directory + "/\(name)/boot_id")
        }
    }

    func bench(_ role: String, _ host: String) throws -> BenchProcess {
        let bench = try BenchProcess(
            "\(role) of \(host)",
            program: plan.binaries + "/holdfast-lab-host",
            arguments: [role, plan.directory, host],
            cgroup: nil,
            log: plan.directory + "/bench.log"
        )
        benches.append(bench)
        return bench
    }

    func guest(_ host: String) throws -> Int32 {
        try Processes.start(
            ProgramStart(plan.binaries + "/holdfast-lab-guest", ["vm-web", plan.directory + "/" + host])
        )
    }

    func end(_ guest: Int32) {
        Processes.askToEnd(guest)
        _ = Processes.waitForEnd(of: guest)
    }

    deinit {
        for bench in benches {
            bench.finish()
            _ = Processes.waitForEnd(of: bench.pid)
        }
        LabCleanup.sweep(directory: plan.directory, keepsFolder: false)
    }
}

@Suite(
    "The shared disk and the guests of the lab, as processes",
    .enabled(if: Programs.canServe),
    .serialized
)
struct SharedDiskTests {
    @Test("two writers that run at once are caught, by the services' logs alone")
    func concurrentWritersAreCaught() throws {
        let lab = try DiskLab("two")
        _ = try lab.bench("disk", "lab1")
        _ = try lab.bench("disk", "lab2")
        let guests = [try lab.guest("lab1"), try lab.guest("lab2")]
        Poller.wait(for: 600)
        for guest in guests { lab.end(guest) }
        let report = Checker.report(directory: lab.plan.directory)
        #expect(!report.isClean)
        #expect(report.findings.contains { $0.kind == .twoWriters })
    }

    @Test("one writer after the other is clean, and goes on counting where the first ended")
    func handover() throws {
        let lab = try DiskLab("one")
        _ = try lab.bench("disk", "lab1")
        _ = try lab.bench("disk", "lab2")
        for host in ["lab1", "lab2"] {
            let guest = try lab.guest(host)
            Poller.wait(for: 400)
            lab.end(guest)
        }
        let report = Checker.report(directory: lab.plan.directory)
        #expect(report.isClean, "\(report.findings)")
        #expect(report.runs.map(\.host) == ["lab1", "lab2"])
        #expect(report.runs.count == 2 && report.runs[1].firstCounter == report.runs[0].lastCounter + 1)
    }

    @Test("a stalled path holds every write back and lands it when it is healed; a dropped one never lands")
    func stall() throws {
        let lab = try DiskLab("stall")
        let disk = try lab.bench("disk", "lab1")
        #expect(disk.command("stalled") == "ok 0")
        let guest = try lab.guest("lab1")
        Poller.wait(for: 300)
        #expect(Checker.report(directory: lab.plan.directory).writeCount == 0)
        #expect(disk.command("heal in-order")?.hasPrefix("ok") == true)
        Poller.wait(for: 300)
        #expect(Checker.report(directory: lab.plan.directory).writeCount > 0)
        #expect(disk.command("stalled")?.hasPrefix("ok") == true)
        Poller.wait(for: 200)
        let before = Checker.report(directory: lab.plan.directory).writeCount
        Processes.end(guest)
        #expect(disk.command("drop") == "ok 0")
        _ = Processes.waitForEnd(of: guest)
        #expect(disk.command("healthy") == "ok 0")
        #expect(Checker.report(directory: lab.plan.directory).writeCount == before)
    }
}
