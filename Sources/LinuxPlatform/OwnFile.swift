import ByteFormat

/// A small text file of this host's own that survives a crash at any moment: it is replaced whole, synced, or
/// not at all.
///
/// Lines of `key = value` after a line with the kind and version; the last line is the CRC-32C of all before
/// it, so that a damaged file is told from a valid one. Written by one thread of one process; reading and
/// writing block.
public struct OwnFile: Sendable {
    /// The directory, which must exist.
    public let directory: String
    /// The file's name in it.
    public let name: String
    /// What the first line says it is, with its version: `holdfast-incarnation 1`.
    public let kind: String

    /// The largest file that is read.
    static let limit = 1 << 16

    /// The file at `directory`/`name`.
    public init(directory: String, name: String, kind: String) {
        self.directory = directory
        self.name = name
        self.kind = kind
    }

    /// The whole path.
    public var path: String { directory + "/" + name }

    /// The pairs of the file, nil when there is none yet.
    ///
    /// A leftover of an interrupted write is ignored.
    public func read() throws(OwnFileError) -> [String: String]? {
        let bytes: [UInt8]
        do throws(SystemError) {
            bytes = try SmallFile.read(path, limit: OwnFile.limit)
        } catch {
            if error.code == 2 { return nil }
            throw .cannotRead(error)
        }
        return try parse(bytes)
    }

    /// Replaces the file: temporary file, fsync, rename, fsync of the directory.
    ///
    /// On return it is on the medium.
    ///
    /// After an error the old content stands, or, where only the directory's sync failed, perhaps the new
    /// one.
    public func write(_ pairs: [(key: String, value: String)]) throws(OwnFileError) {
        var text = kind + "\n"
        for pair in pairs {
            precondition(OwnFile.isPlain(pair.key) && !pair.key.contains("="), "a key is one line without =")
            precondition(OwnFile.isPlain(pair.value), "a value is one line")
            text += "\(pair.key) = \(pair.value)\n"
        }
        var bytes = Array(text.utf8)
        bytes += Array("crc32c = \(OwnFile.checksum(of: bytes))\n".utf8)
        precondition(bytes.count <= OwnFile.limit, "an own file is small")
        do throws(SystemError) {
            try WholeFile.write([bytes], as: name, in: directory)
        } catch {
            throw .cannotWrite(error, path: path)
        }
    }

    private func parse(_ bytes: [UInt8]) throws(OwnFileError) -> [String: String] {
        let text = String(decoding: bytes, as: UTF8.self)
        let lines = text.split(separator: "\n", omittingEmptySubsequences: true)
        guard let last = lines.last, last.hasPrefix("crc32c = ") else {
            throw .damaged(path: path, why: "no checksum")
        }
        let stated = last.dropFirst("crc32c = ".count)
        let covered = Array(bytes.prefix(max(0, bytes.count - last.utf8.count - 1)))
        let found = OwnFile.checksum(of: covered)
        guard stated == found else {
            throw .damaged(path: path, why: "the checksum is \(found), the file says \(stated)")
        }
        guard let first = lines.first, first == kind else {
            throw .damaged(path: path, why: "it is '\(lines.first ?? "")', not '\(kind)'")
        }
        var pairs: [String: String] = [:]
        for line in lines.dropFirst().dropLast() {
            guard let mark = line.firstIndex(of: "=") else {
                throw .damaged(path: path, why: "a line without =")
            }
            let key = line[..<mark].drop { $0 == " " }
            let value = line[line.index(after: mark)...]
            pairs[OwnFile.trimmed(key)] = OwnFile.trimmed(value)
        }
        return pairs
    }

    private static func trimmed(_ text: Substring) -> String {
        var rest = text.drop { $0 == " " }
        while rest.last == " " { rest.removeLast() }
        return String(rest)
    }

    private static func isPlain(_ text: String) -> Bool { !text.utf8.contains { $0 < 0x20 } }

    private static func checksum(of bytes: [UInt8]) -> String {
        let text = String(CRC32C.checksum(of: bytes.span), radix: 16)
        return String(repeating: "0", count: 8 - text.count) + text
    }
}

/// Why an own file could not be read or written.
public enum OwnFileError: Error, Hashable, Sendable, CustomStringConvertible {
    /// It is there and cannot be read.
    case cannotRead(SystemError)
    /// It was read and is not what was written.
    case damaged(path: String, why: String)
    /// It cannot be written; the old content stands.
    case cannotWrite(SystemError, path: String)

    /// The sentence, with the next step.
    public var description: String {
        switch self {
        case .cannotRead(let error):
            "\(error); this host acts as if its last incarnation had been admitted; check the disk and the permissions"
        case .damaged(let path, let why):
            "\(path) is damaged: \(why); this host acts as if its last incarnation had been admitted; check the disk; "
                + "the next start writes the file anew"
        case .cannotWrite(let error, let path):
            "\(path) was not written: \(error); the old content stands and this host does not join until it can be "
                + "written; check the disk's space and permissions"
        }
    }
}
