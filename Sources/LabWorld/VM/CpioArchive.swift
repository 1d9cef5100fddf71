internal import LabPlatform

/// Writes the archive that a kernel unpacks as its first file system.
///
/// The format is *newc*: a header of 110 characters, the name, the content, each filled up to four bytes
/// (Documentation/driver-api/early-userspace/buffer-format.rst of the kernel).
struct CpioArchive {
    private let file: Descriptor
    private var offset: Int64 = 0
    private var inode = 0
    private var folders: Set<String> = []

    /// A new archive in this file.
    init(path: String) throws(LabError) {
        file = try Descriptor(path: path, flags: OpenFlags.createNew)
    }

    private enum Mode {
        static let folder = 0o040755
        static let program = 0o100755
        static let text = 0o100644
        static let link = 0o120777
        static let device = 0o020600
    }

    /// A folder, and those above it.
    mutating func add(folder: String) throws(LabError) {
        var built = ""
        for part in folder.split(separator: "/") {
            built += built.isEmpty ? String(part) : "/" + part
            guard folders.insert(built).inserted else { continue }
            try add(built, mode: Mode.folder, content: [])
        }
    }

    /// A file with this text.
    mutating func add(text: String, as name: String, isProgram: Bool = false) throws(LabError) {
        try add(folder: CpioArchive.folder(of: name))
        try add(name, mode: isProgram ? Mode.program : Mode.text, content: Array(text.utf8))
    }

    /// A file of this machine.
    mutating func add(copyOf path: String, as name: String) throws(LabError) {
        let source = try Descriptor(path: path, flags: OpenFlags.readOnly)
        guard case .success(let bytes) = source.read(at: 0, count: Int(source.size)) else {
            throw LabError("cannot read \(path) for the archive")
        }
        try add(folder: CpioArchive.folder(of: name))
        try add(name, mode: Mode.program, content: bytes)
    }

    /// A symbolic link.
    mutating func add(linkTo target: String, as name: String) throws(LabError) {
        try add(folder: CpioArchive.folder(of: name))
        try add(name, mode: Mode.link, content: Array(target.utf8))
    }

    /// The console's device, which the kernel opens for the first process before anything is mounted.
    mutating func addConsole() throws(LabError) {
        try add(folder: "dev")
        try add("dev/console", mode: Mode.device, content: [], device: (5, 1))
    }

    /// Writes the end mark.
    mutating func finish() throws(LabError) {
        try add("TRAILER!!!", mode: 0, content: [])
    }

    private mutating func add(
        _ name: String,
        mode: Int,
        content: [UInt8],
        device: (major: Int, minor: Int) = (0, 0)
    ) throws(LabError) {
        inode += 1
        let fields = [
            inode, mode, 0, 0, 1, 0, content.count, 0, 0, device.major, device.minor, name.utf8.count + 1, 0,
        ]
        let header = "070701" + fields.map(CpioArchive.hexadecimal).joined() + name + "\0"
        try put(CpioArchive.filled(Array(header.utf8)))
        try put(CpioArchive.filled(content))
    }

    private mutating func put(_ bytes: [UInt8]) throws(LabError) {
        let outcome = file.write(bytes, at: offset)
        guard outcome == 0 else { throw LabError("write the archive", errorNumber: outcome) }
        offset += Int64(bytes.count)
    }

    private static func hexadecimal(_ value: Int) -> String {
        let text = String(value, radix: 16, uppercase: true)
        return String(repeating: "0", count: 8 - text.count) + text
    }

    private static func filled(_ bytes: [UInt8]) -> [UInt8] {
        bytes + [UInt8](repeating: 0, count: (4 - bytes.count % 4) % 4)
    }

    private static func folder(of name: String) -> String {
        name.split(separator: "/").dropLast().joined(separator: "/")
    }
}
