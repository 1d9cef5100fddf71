import AdminProtocol
import DaemonConfig
import HeartbeatWire
import LinuxPlatform
import LivesetEngine
import NodeRuntime
import PoolModel
import StatefileLayout
import StatefileMedium

/// What is known of one heartbeat network besides its configuration.
struct NetworkFacts: Sendable {
    /// errno because of which its socket is not open; 0 while it is.
    var openError: Int32 = 0
    /// errno of the last send; 0 when it succeeded.
    var lastSendError: Int32 = 0
    /// Each physical port and whether it has carrier.
    var carriers: [String: Bool] = [:]
    /// Whether its witness answers; nil without one, or before the first answer.
    var witnessAnswers: Bool?
}

/// What is known of the watchdog on this host.
struct WatchdogState: Sendable {
    /// What the fence loop does.
    var phase = FencePhase.disarmed
    /// What was opened or adopted last.
    var facts: WatchdogFacts?
    /// What went wrong last.
    var trouble: String?
    /// The descriptor came from systemd's store.
    var wasInherited = false
}

/// Everything from which reports are made: one moment of the daemon, gathered from what its threads
/// published.
struct DaemonFacts: Sendable {
    /// What the configuration says.
    var settings: DaemonSettings
    /// What the statefile's header says; nil before it was read.
    var header: StatefileHeader?
    /// What the engine thinks; nil before it runs.
    var engine: EngineStatus?
    /// What the engine loop counted.
    var loop: EngineLoopStatistics?
    /// What the storage loop counted.
    var storage: StatefileStatistics?
    /// What went wrong with the statefile last.
    var statefileTrouble: String?
    /// What is known of the statefile's device; nil before it was opened.
    var device: DeviceFacts?
    /// The ways to it.
    var ways: [PathFigures] = []
    /// What the storage thread does now, and since when.
    var activity: (doing: StatefileMedium.StatefileReport.Activity, since: MonotonicInstant)?
    /// In the order of the configuration.
    var networks: [NetworkFacts] = []
    /// The watchdog.
    var watchdog = WatchdogState()
    /// Guests run here, or may.
    var hasGuests = false
    /// What weakens protection.
    var warnings: [WarningReport] = []
    /// The present instant.
    var now: MonotonicInstant
    /// When the daemon started.
    var startedAt: MonotonicInstant
    /// The version.
    var version = HoldfastVersion.text

    /// The host table; this host alone before the header was read.
    var hosts: [String] { header?.hostNames ?? [settings.host.name] }

    /// The names of a set of hosts.
    func names(_ set: HostSet) -> [String] { set.map { name($0) } }

    /// The name of a row.
    func name(_ host: HostIndex) -> String { host.row < hosts.count ? hosts[host.row] : host.description }

    /// How long ago, in milliseconds; nil for never.
    func age(_ instant: MonotonicInstant?) -> Int? {
        guard let instant, instant > .distantPast + .seconds(1) else { return nil }
        return (now - instant).inMilliseconds
    }

    /// The pool generation's UUID, empty before the header was read.
    var generation: String {
        guard let header else { return "" }
        let digits = Hexadecimal.text(header.generation.rawValue)
        var parts: [Substring] = []
        var rest = digits[...]
        for length in [8, 4, 4, 4, 12] {
            parts.append(rest.prefix(length))
            rest = rest.dropFirst(length)
        }
        return parts.joined(separator: "-")
    }
}

/// Numbers in hex digits, padded to their width.
enum Hexadecimal {
    /// All digits of `value`, in lower case.
    static func text<Number: FixedWidthInteger & UnsignedInteger>(_ value: Number) -> String {
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: Number.bitWidth / 4 - digits.count) + digits
    }
}
