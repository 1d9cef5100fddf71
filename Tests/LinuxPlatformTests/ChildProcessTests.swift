import CLinux
import LinuxPlatform
import PoolModel
import Testing

@Suite struct ChildProcessTests {
    private var soon: MonotonicInstant { BootClock().now() + .seconds(30) }

    @Test func tellsTheExitStatus() throws {
        let child = try ChildProcess.start("/bin/sh", ["-c", "exit 7"])
        #expect(child.ending(deadline: soon) == .exited(status: 7))
    }

    @Test func tellsTheSignalThatEndedIt() throws {
        let child = try ChildProcess.start("/bin/sleep", ["100"])
        #expect(child.ending(deadline: BootClock().now() + .milliseconds(20)) == nil)
        child.signal(9)
        #expect(child.ending(deadline: soon) == .signalled(9))
    }

    @Test func aProgramThatIsNotThereIsAnError() {
        let error = #expect(throws: SystemError.self) { _ = try ChildProcess.start("/nonexistent", []) }
        #expect(error?.name == "ENOENT")
    }

    @Test func givesTheChildItsEnvironmentAndNoOtherDescriptor() throws {
        let held = try Descriptor.open("/dev/null", .read)
        let script = "test \"$ONE\" = 1 && test ! -e /proc/self/fd/\(held.number)"
        let child = try ChildProcess.start(
            "/bin/sh",
            ["-c", script],
            environment: ["ONE=1", "PATH=/bin:/usr/bin"]
        )
        #expect(child.ending(deadline: soon) == .exited(status: 0))
    }
}

@Suite struct GuestCgroupTests {
    /// Where this machine has cgroup v2, if a test may make a group there.
    static let root: String? = {
        for path in ["/sys/fs/cgroup/unified", "/sys/fs/cgroup"]
        where (try? FileStatus.of(path + "/cgroup.controllers")) != nil { return path }
        return nil
    }()

    @Test(.enabled(if: root != nil)) func stopsEveryProcessAndProvesIt() throws {
        let path = try #require(Self.root) + "/holdfast-test-\(KernelRandom.bits64())"
        guard unsafe hf_make_directory(path, 0o755) == 0 else { return }
        defer { _ = unsafe hf_remove_directory(path) }
        let group = GuestCgroup(path: path)
        #expect(try !group.isPopulated())
        let child = try ChildProcess.start("/bin/sh", ["-c", "sleep 100 & sleep 100"], cgroup: path)
        #expect(try group.isPopulated())
        let proof = group.stopAll(deadline: BootClock().now() + .seconds(10))
        #expect(proof.isProven)
        #expect(child.ending(deadline: BootClock().now() + .seconds(10)) == .signalled(9))
    }

    @Test func aCgroupThatIsNotThereProvesNothing() {
        let proof = GuestCgroup(path: "/nonexistent").stopAll(deadline: .distantPast)
        #expect(!proof.isProven)
        #expect(proof.description.contains("/nonexistent"))
    }
}
