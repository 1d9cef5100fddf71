import LinuxPlatform
import PoolModel
import RuntimeFakes
import StatefileBlock
import StatefileLayout
import StatefileMedium
import Testing

/// A real block device: a loop device over a file, where this machine has them and lets a test make one.
@Suite(.serialized) struct LoopDeviceTests {
    /// A loop device over the bench's file; nil where there is none to be had.
    private final class LoopDevice {
        let path: String

        init?(over file: String, in directory: String) {
            guard let output = try? Descriptor.open(directory + "/aside", [.write, .create, .truncate]),
                let setup = try? ChildProcess.start(
                    "/sbin/losetup",
                    ["--show", "-f", "-b", "4096", file],
                    output: output.number
                ),
                setup.ending(deadline: BootClock().now() + .seconds(10)) == .exited(status: 0),
                let name = SmallFile.firstLine(of: directory + "/aside"), name.hasPrefix("/dev/loop")
            else { return nil }
            path = name
        }

        deinit {
            let detach = try? ChildProcess.start("/sbin/losetup", ["-d", path])
            _ = detach?.ending(deadline: BootClock().now() + .seconds(10))
        }
    }

    private let bench = FormatBench()

    @Test func formatsAndChecksABlockDevice() throws {
        try bench.format()
        try bench.scribble([UInt8](repeating: 0, count: 1 << 20), at: 0)
        guard let device = LoopDevice(over: bench.path, in: bench.directory) else { return }
        let header = try bench.format { wish in
            wish.path = device.path
            wish.createByteCount = nil
        }
        #expect(header.geometry.deviceBytes == 1 << 20)
        #expect(header.geometry.blockBytes == 4096)
        let file = try StatefileFile.open(device.path, .readWrite)
        let facts = (file.kind, file.byteCount, file.logicalBlockBytes, file.isDirect)
        #expect(facts == (.block, 1 << 20, 4096, true))
        var checked = BlockDevice(path: device.path, access: .read)
        let report = try StatefileCheck.run(&checked, roundCount: 5, authenticator: &bench.authenticator)
        #expect(report.problems.isEmpty)
    }

    @Test func refusesABlockDeviceThatSomebodyUses() throws {
        try bench.format()
        try bench.scribble([UInt8](repeating: 0, count: 1 << 20), at: 0)
        guard let device = LoopDevice(over: bench.path, in: bench.directory) else { return }
        let holder = try StatefileFile.open(device.path, .exclusive)
        let error = #expect(throws: StatefileError.self) {
            try bench.format { wish in
                wish.path = device.path
                wish.createByteCount = nil
            }
        }
        #expect(error == .inUse(path: device.path))
        let size = holder.byteCount
        #expect(size == 1 << 20)
    }
}
