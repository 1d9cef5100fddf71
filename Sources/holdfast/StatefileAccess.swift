import ArgumentParser
import DaemonConfig
import MessageAuthentication

/// Which key opens the records, and where that is written.
struct KeyAccess: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The pool's key file. (default: the one that the configuration names)",
            valueName: "file"
        ),
        completion: .file()
    )
    var keyFile: String?

    @Option(
        help: ArgumentHelp(
            "The configuration of this host. (default: \(DaemonSettings.defaultFile))",
            valueName: "file"
        ),
        completion: .file(extensions: ["toml"])
    )
    var config: String?

    /// The configuration; read only where something of it is needed.
    func settings() throws(CommandFailure) -> DaemonSettings {
        do {
            return try DaemonSettings(contentsOf: config ?? DaemonSettings.defaultFile)
        } catch {
            throw CommandFailure(.badData, "\(error)")
        }
    }

    /// An authenticator with the pool's key or keys.
    func authenticator() throws(CommandFailure) -> HMACAuthenticator {
        let file: String
        if let keyFile { file = keyFile } else { file = try settings().keyFile }
        let keys: PoolKeys
        do {
            keys = try PoolKeys(contentsOf: file)
        } catch {
            throw CommandFailure(.badData, "\(error)")
        }
        guard let current = MessageAuthentication.PoolKey(keys.current) else {
            throw CommandFailure(
                .badData,
                "\(file): the key is all zeros; make one with 'holdfast pool key new'"
            )
        }
        let previous = keys.previous.flatMap { MessageAuthentication.PoolKey($0) }
        return HMACAuthenticator(current: current, previous: previous)
    }
}

/// Which statefile to read.
struct StatefileAccess: ParsableArguments {
    @Argument(
        help: ArgumentHelp(
            "The file or device. (default: the one that the configuration names)",
            valueName: "path"
        ),
        completion: .file()
    )
    var path: String?

    @OptionGroup var key: KeyAccess

    /// The path given, else the one of the configuration.
    func place() throws(CommandFailure) -> String {
        if let path { return path }
        return try key.settings().statefile.path
    }
}
