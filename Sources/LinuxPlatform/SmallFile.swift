import CLinux

/// Whole small files: sysfs entries, keys, boot ids.
public enum SmallFile {
    /// The content of a file of at most `limit` bytes; a longer one is an error (EFBIG).
    public static func read(_ path: String, limit: Int = 1 << 16) throws(SystemError) -> [UInt8] {
        let file = try Descriptor.open(path, .read)
        var content = [UInt8](repeating: 0, count: limit + 1)
        var count = 0
        while count < content.count {
            let got = unsafe content.withUnsafeMutableBytes { room in
                // At most the rest of the array is written.
                unsafe hf_read(file.number, room.baseAddress?.advanced(by: count), room.count - count)
            }
            guard got >= 0 else { throw SystemError("read", path, result: got) }
            if got == 0 { break }
            count += got
        }
        guard count <= limit else { throw SystemError(call: "read", subject: path, code: 27) }
        content.removeLast(content.count - count)
        return content
    }

    /// The first line of a file without its end; nil when it cannot be read.
    public static func firstLine(of path: String) -> String? {
        guard let bytes = try? read(path) else { return nil }
        return String(decoding: bytes.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
    }

    /// Writes all of `bytes` to an open descriptor.
    static func writeAll(_ bytes: [UInt8], to number: Int32, path: String) throws(SystemError) {
        var offset = 0
        while offset < bytes.count {
            let sent = unsafe bytes.withUnsafeBytes { buffer in
                // The rest of the array is read.
                unsafe hf_write(number, buffer.baseAddress?.advanced(by: offset), buffer.count - offset)
            }
            guard sent > 0 else { throw SystemError("write", path, result: sent == 0 ? -28 : sent) }
            offset += sent
        }
    }
}
