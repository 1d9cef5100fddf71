import CLinux
import LinuxPlatform
import PoolModel
import RuntimeFakes
import StatefileBlock
import StatefileLayout

/// A directory with a statefile of a test's own.
final class FormatBench {
    let directory = "/tmp/holdfast-statefile-\(KernelRandom.bits64())"
    var path: String { directory + "/statefile" }
    var authenticator = SumAuthenticator(key: 1)

    init() {
        precondition(unsafe hf_make_directory(directory, 0o700) == 0, "a test can make a directory in /tmp")
    }

    deinit {
        for name in ["statefile", "aside", "lock"] { _ = unsafe hf_unlink(directory + "/" + name) }
        _ = unsafe hf_remove_directory(directory)
    }

    func plan(_ hosts: [String] = ["lab1", "lab2", "lab3"], byteCount: Int? = 1 << 20) -> StatefilePlan {
        var plan = StatefilePlan(path: path, hostNames: hosts, timing: .fast)
        plan.createByteCount = byteCount
        return plan
    }

    @discardableResult
    func format(_ change: (inout StatefilePlan) -> Void = { _ in }) throws(StatefileError) -> StatefileHeader
    {
        var plan = plan()
        change(&plan)
        return try StatefileFormatter.format(plan, authenticator: &authenticator)
    }

    /// Overwrites bytes behind everybody's back.
    func scribble(_ bytes: [UInt8], at offset: Int) throws {
        let file = try Descriptor.open(path, [.write, .synced])
        let sent = unsafe bytes.withUnsafeBytes {
            unsafe hf_pwrite(file.number, $0.baseAddress, $0.count, UInt64(offset))
        }
        precondition(sent == bytes.count, "a file in /tmp takes a few bytes")
    }

    func truncate(to byteCount: Int) throws {
        let file = try Descriptor.open(path, .write)
        precondition(hf_truncate(file.number, UInt64(byteCount)) == 0, "a file in /tmp can be cut")
    }

    func rename(_ from: String, to: String) {
        _ = unsafe hf_rename(directory + "/" + from, directory + "/" + to)
    }
}
