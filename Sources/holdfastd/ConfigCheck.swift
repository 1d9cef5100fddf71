import AdminProtocol
import DaemonConfig
import PoolModel

/// What `--check-config` prints when all is well.
enum ConfigCheck {
    /// The derived times and what weakens protection.
    static func text(_ settings: DaemonSettings, keys: PoolKeys) -> String {
        let times = settings.timing.derived
        var lines = [
            "\(settings.file): correct",
            "host \(settings.host.name), weight \(settings.host.weight), \(keys) in \(settings.keyFile)",
            "\(settings.timing.words): h = \(times.heartbeatInterval), r = \(times.roundInterval),"
                + " Tn = \(times.networkTimeout), Ts = \(times.storageTimeout), G = \(times.grace),"
                + " W = \(times.watchdog), D = \(times.certainlyDead), I/O deadline = \(times.ioDeadline)",
        ]
        for network in settings.heartbeat.networks {
            let peers = network.peers.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
            lines.append("network \(network.name) on \(network.bind): \(peers.joined(separator: ", "))")
        }
        lines.append("statefile \(settings.statefile.path), watchdog \(settings.fencing.watchdog)")
        lines += SafetyWarnings.ofConfiguration(settings).map { "warning: \($0.message)" }
        return lines.joined(separator: "\n")
    }
}
