import ArgumentParser
import ControlPlane
import DaemonConfig
import LocalServices

/// `holdfast-manager`: the pool record, the restart of lost machines, the hypervisor driver.
@main
struct HoldfastManager: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "holdfast-manager",
        abstract: "Keep the pool's machines running: start, stop and restart them as the pool record says.",
        discussion: """
            Needs the daemon, holdfastd, which says who is alive; may be stopped and started again at any time, the \
            guests go on. Exit status: 0 stopped on request; 69 another manager runs on this host; 70 a bug; 71 the \
            system refused something; 73 a directory or file cannot be used; 78 the configuration is wrong.
            """,
        version: "0.1.0"
    )

    @Option(
        help: "The configuration file, the same as the daemon's.",
        completion: .file(extensions: ["toml"])
    )
    var config = DaemonSettings.defaultFile

    @Flag(help: "Check the configuration and the key file, say what follows for the manager, and exit.")
    var checkConfig = false

    func run() throws {
        let settings: DaemonSettings
        let keys: PoolKeys
        do throws(ConfigError) {
            settings = try DaemonSettings(contentsOf: config)
            keys = try PoolKeys(contentsOf: settings.keyFile)
        } catch {
            try end(.configuration, error.description)
        }
        guard let recordKeys = RecordKeys(current: keys.current, previous: keys.previous) else {
            try end(.failed, "the pool's keys are not 32 bytes long; this is a bug")
        }
        if checkConfig {
            print(ManagerService.summary(settings))
            return
        }
        do throws(ManagerFailure) {
            let service = try ManagerService(settings: settings, keys: recordKeys)
            try service.run()
        } catch {
            try end(error.status, error.description)
        }
    }

    private func end(_ status: ManagerExit, _ text: String) throws -> Never {
        StandardError.write("holdfast-manager: \(text)\n")
        throw ExitCode(status.rawValue)
    }
}

/// How the manager ends, as sysexits(3) counts.
enum ManagerExit: Int32 {
    /// Another manager runs on this host.
    case alreadyRuns = 69
    /// A bug.
    case failed = 70
    /// The system refuses a thread, a socket or a signal.
    case system = 71
    /// A directory or file cannot be used.
    case cannotCreate = 73
    /// The configuration is wrong.
    case configuration = 78
}

/// Why the manager cannot run, and how it ends for it.
struct ManagerFailure: Error, CustomStringConvertible {
    /// How it ends.
    var status: ManagerExit
    /// The sentence for the operator.
    var description: String

    init(_ status: ManagerExit, _ description: String) {
        self.status = status
        self.description = description
    }
}
