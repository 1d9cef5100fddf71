import ArgumentParser
import DaemonConfig
import LocalServices

/// `holdfastd`: heartbeats, statefile rounds, liveset, fencing, master election.
@main
struct Holdfastd: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "holdfastd",
        abstract:
            "Guard this host: agree with the pool's other hosts who is alive, and stop this host when it"
            + " must.",
        discussion: """
            Exit status: 0 stopped cleanly; 69 another daemon runs on this host; 70 or 71 the system refused \
            something; 73 a directory cannot be made; 78 the configuration is wrong.
            """,
        version: HoldfastVersion.text
    )

    @OptionGroup var options: DaemonOptions

    func run() throws {
        let settings: DaemonSettings
        let keys: PoolKeys
        do throws(ConfigError) {
            settings = try DaemonSettings(contentsOf: options.config)
            keys = try PoolKeys(contentsOf: settings.keyFile)
        } catch {
            try end(.configuration, error.description)
        }
        if options.checkConfig {
            print(ConfigCheck.text(settings, keys: keys))
            return
        }
        guard let pair = PoolKeyPair(keys) else { try end(.failed, "the pool's keys are not 32 bytes long") }
        let status: ExitStatus
        do throws(StartFailure) {
            status = try Daemon(settings: settings, keys: pair).run()
        } catch {
            try end(error.status, error.description)
        }
        throw ExitCode(status.rawValue)
    }

    private func end(_ status: ExitStatus, _ text: String) throws -> Never {
        StandardError.write("holdfastd: \(text)\n")
        throw ExitCode(status.rawValue)
    }
}
