import CLinux
import LinuxPlatform
import PoolModel
import RuntimeFakes
import StatefileBlock
import StatefileLayout
import StatefileMedium

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

    /// What shall be formatted, and how.
    struct Wish {
        var path: String
        var createByteCount: Int? = 1 << 20
        var plan = StatefilePlan(hostNames: ["lab1", "lab2", "lab3"], timing: .fast)
    }

    @discardableResult
    func format(_ change: (inout Wish) -> Void = { _ in }) throws(StatefileError) -> StatefileHeader {
        var wish = Wish(path: path)
        change(&wish)
        var device = BlockDevice(
            path: wish.path,
            access: .exclusive,
            createByteCount: wish.createByteCount
        )
        return try StatefileFormatter.format(wish.plan, on: &device, authenticator: &authenticator)
    }

    /// The device of the bench, open.
    func device(_ access: DeviceAccess) throws(StatefileError) -> BlockDevice {
        var device = BlockDevice(path: path, access: access)
        _ = try device.open(until: ToolPatience.deadline)
        return device
    }

    /// The header as it is read back.
    func readHeader(
        _ other: SumAuthenticator? = nil
    ) throws(StatefileError) -> StatefileHeader {
        var device = try device(.read)
        var key = other ?? authenticator
        return try device.readHeader(authenticator: &key, until: ToolPatience.deadline)
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
