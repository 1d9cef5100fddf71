import FoundationEssentials
import Glibc

/// What the kernel says of a key file, and the rule about who may read it.
struct KeyFileAccess {
    var isRegular: Bool
    var mode: Int
    var owner: Int

    /// What is wrong with it for a daemon of user `effectiveUser`; nil when nothing is.
    func objection(effectiveUser: Int) -> String? {
        guard isRegular else { return "must be a regular file, not a link, directory or device" }
        guard owner == 0 || owner == effectiveUser else {
            return
                "belongs to user \(owner); it must belong to root, for its owner can stop every host"
        }
        guard mode & 0o077 == 0 else {
            return "has mode \(String(mode & 0o7777, radix: 8)): others than its owner can read or change it,"
                + " and with it stop every host of the pool; run 'chmod 600' on it"
        }
        return nil
    }
}

extension PoolKeys {
    /// Reads the key file at `path`, which only its owner, root or the daemon's own user, may read.
    ///
    /// Blocks on the disk; ordinary threads only.
    public init(contentsOf path: String) throws(ConfigError) {
        func refusal(_ problem: String) -> ConfigError {
            ConfigError(file: path, mistakes: [ConfigMistake(key: "", value: nil, problem: problem)])
        }
        let access: KeyFileAccess
        let data: Data
        do {
            let attributes = try FileManager.default.attributesOfItem(atPath: path)
            access = KeyFileAccess(
                isRegular: attributes[.type] as? FileAttributeType == .typeRegular,
                mode: PoolKeys.integer(attributes[.posixPermissions]),
                owner: PoolKeys.integer(attributes[.ownerAccountID])
            )
            data = try Data(contentsOf: URL(filePath: path))
        } catch {
            let recipe =
                "create it with 'holdfast pool key new \(path)' on one host and copy it to every other"
            throw refusal("the pool's key file cannot be read (\(FileTrouble.words(error))); \(recipe)")
        }
        if let objection = access.objection(effectiveUser: Int(geteuid())) {
            throw refusal("the pool's key file \(objection)")
        }
        guard data.count <= 4096 else { throw refusal("is \(data.count) bytes long; this is no key file") }
        do throws(ConfigMistake) {
            self = try PoolKeys(text: String(decoding: data, as: UTF8.self))
        } catch {
            throw ConfigError(file: path, mistakes: [error])
        }
    }

    /// A number among file attributes, -1 when it is none, which no rule accepts as an owner.
    private static func integer(_ value: Any?) -> Int {
        if let value = value as? UInt { return Int(value) }
        if let value = value as? Int { return value }
        return -1
    }
}
