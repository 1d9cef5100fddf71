import ArgumentParser
import DaemonConfig
import MessageAuthentication
import StatefileMedium

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

/// With what a statefile that is not a path is reached.
struct TransportAccess: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "iSCSI: the file with the CHAP secrets, mode 600. (default: the one that the configuration names)",
            valueName: "file"
        ),
        completion: .file()
    )
    var chapFile: String?

    @Option(
        help: ArgumentHelp(
            "iSCSI: the name to log in with. (default: the configuration's, or this host's)",
            valueName: "iqn"
        )
    )
    var initiatorName: String?

    /// The statefile at `text`; what else is needed comes from the options.
    func source(at text: String) throws(CommandFailure) -> StatefileSource {
        do throws(StatefileAddressError) {
            var source = StatefileSource(try StatefileAddress(text))
            take(into: &source)
            return source
        } catch {
            // A secret that was given by mistake is not said again.
            let shown = error == .holdsSecret ? "the address" : "the address '\(text)'"
            throw CommandFailure(.usage, "\(shown) \(error)")
        }
    }

    /// What the options say goes before what the configuration says.
    func take(into source: inout StatefileSource) {
        source.chapFile = chapFile ?? source.chapFile
        source.initiatorName = initiatorName ?? source.initiatorName
    }
}

/// Which statefile to read.
struct StatefileAccess: ParsableArguments {
    @Argument(
        help: ArgumentHelp(
            "The file, device or URL (\(StatefileAddress.forms)). (default: the one that the configuration names)",
            valueName: "place"
        ),
        completion: .file()
    )
    var path: String?

    @OptionGroup var key: KeyAccess
    @OptionGroup var transport: TransportAccess

    /// The statefile given, else the one of the configuration.
    func place() throws(CommandFailure) -> StatefileSource {
        if let path { return try transport.source(at: path) }
        var source = try key.settings().statefile.source
        transport.take(into: &source)
        return source
    }
}
