internal import Glibc
import LinuxPlatform

/// The name by which this host logs in to targets.
///
/// It has to be unique in the storage network and the same over boots: a target tells a host's former session
/// by it, and lets two hosts of one name end each other's sessions.
public enum InitiatorName {
    /// Where the kernel's initiator keeps this host's name.
    static let kernelFile = "/etc/iscsi/initiatorname.iscsi"

    /// The configured name; else the one of this host's kernel initiator; else one derived from the host's
    /// name.
    public static func find(configured: String?, hostName: String?) -> String {
        if let configured { return configured }
        if let bytes = try? SmallFile.read(kernelFile),
            let name = parse(String(decoding: bytes, as: UTF8.self))
        {
            return name
        }
        return derived(from: hostName ?? SmallFile.firstLine(of: "/proc/sys/kernel/hostname") ?? "host")
    }

    /// `InitiatorName=iqn...` among the lines of the kernel initiator's file.
    static func parse(_ text: String) -> String? {
        for line in text.split(separator: "\n") where line.hasPrefix("InitiatorName=") {
            let name = line.dropFirst("InitiatorName=".count).filter { !$0.isWhitespace }
            return name.isEmpty ? nil : String(name)
        }
        return nil
    }

    /// A name below a domain that nobody can own; what a name of iSCSI cannot hold becomes a hyphen.
    static func derived(from hostName: String) -> String {
        let kept = hostName.lowercased().map { character -> Character in
            character.isASCII && (character.isLetter || character.isNumber || ".-:".contains(character))
                ? character : "-"
        }
        return "iqn.2026-01.invalid.holdfast:" + String(kept.prefix(64))
    }
}

extension CHAPSecrets {
    /// Reads a file of secrets, which only its owner, root or the process's own user, may read.
    public init(contentsOf path: String, urlUser: String?) throws(CHAPFileError) {
        let status: FileStatus
        let bytes: [UInt8]
        do throws(SystemError) {
            status = try FileStatus.of(path)
            bytes = try SmallFile.read(path, limit: 4096)
        } catch {
            throw CHAPFileError(path: path, problem: "cannot be read (\(error.name))")
        }
        guard status.kind == .regular else { throw CHAPFileError(path: path, problem: "is no regular file") }
        guard status.permissions & 0o077 == 0 else {
            throw CHAPFileError(
                path: path,
                problem:
                    "has mode \(String(status.permissions & 0o7777, radix: 8)): others than its owner can read it;"
                    + " run 'chmod 600' on it"
            )
        }
        guard status.owner == 0 || status.owner == geteuid() else {
            throw CHAPFileError(
                path: path,
                problem: "belongs to user \(status.owner); it must belong to root"
            )
        }
        try self.init(text: String(decoding: bytes, as: UTF8.self), urlUser: urlUser, path: path)
    }
}
