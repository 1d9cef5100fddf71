import Foundation
import LinuxPlatform
import Testing

@Suite("Files that are there whole or not at all")
struct WholeFileTests {
    private static func names(_ directory: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: directory).sorted()
    }

    @Test("the pieces stand in the file one after another, and replace a former one")
    func replaces() throws {
        let directory = TemporaryDirectory()
        try WholeFile.write([[1, 2], [3]], as: "a", in: directory.path)
        try WholeFile.write([[4], [], [5, 6]], as: "a", in: directory.path)
        #expect(try SmallFile.read(directory.path + "/a") == [4, 5, 6])
        #expect(try Self.names(directory.path) == ["a"])
    }

    @Test("a full disk leaves the former file, and nothing else", .enabled(if: geteuid() == 0))
    func fullDisk() throws {
        let directory = TemporaryDirectory()
        let mount = Process()
        mount.executableURL = URL(filePath: "/bin/mount")
        mount.arguments = ["-t", "tmpfs", "-o", "size=64k", "none", directory.path]
        try mount.run()
        mount.waitUntilExit()
        // Without the right to mount there is no small disk to fill.
        guard mount.terminationStatus == 0 else { return }
        defer {
            let unmount = Process()
            unmount.executableURL = URL(filePath: "/bin/umount")
            unmount.arguments = [directory.path]
            try? unmount.run()
            unmount.waitUntilExit()
        }
        try WholeFile.write([[7]], as: "a", in: directory.path)
        do throws(SystemError) {
            try WholeFile.write([[UInt8](repeating: 1, count: 1 << 20)], as: "a", in: directory.path)
            Issue.record("it was written")
        } catch {
            #expect(error.name == "ENOSPC")
        }
        #expect(try SmallFile.read(directory.path + "/a") == [7])
        #expect(try Self.names(directory.path) == ["a"])
    }
}
