import CLinux
import LinuxPlatform

/// A directory of a test's own, removed with everything in it.
final class TemporaryDirectory: Sendable {
    let path: String

    init() {
        path = "/tmp/holdfast-test-\(KernelRandom.bits64())"
        precondition(unsafe hf_make_directory(path, 0o700) == 0, "a test can make a directory in /tmp")
    }

    deinit {
        for name in names() { _ = unsafe hf_unlink(path + "/" + name) }
        _ = unsafe hf_remove_directory(path)
    }

    /// The names in it.
    func names() -> [String] {
        var error: Int32 = 0
        guard let directory = unsafe hf_directory_open(path, &error) else { return [] }
        defer { unsafe hf_directory_close(directory) }
        var found: [String] = []
        var name = [CChar](repeating: 0, count: 256)
        while unsafe hf_directory_next(directory, &name, name.count) == 1 {
            found.append(
                String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
            )
        }
        return found.sorted()
    }

    /// Writes a file as it is given.
    func write(_ text: String, to name: String) throws {
        let bytes = Array(text.utf8)
        let file = try Descriptor.open(path + "/" + name, [.write, .create, .truncate])
        let sent = unsafe bytes.withUnsafeBytes { unsafe hf_write(file.number, $0.baseAddress, $0.count) }
        precondition(sent == bytes.count, "a small file is written at once")
    }

    /// The text of a file.
    func text(of name: String) throws -> String {
        String(decoding: try SmallFile.read(path + "/" + name), as: UTF8.self)
    }
}
