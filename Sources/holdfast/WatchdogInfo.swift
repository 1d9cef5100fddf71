import AdminProtocol
import ArgumentParser
import DaemonConfig
import FoundationEssentials
import LinuxPlatform
import PoolModel

/// `holdfast watchdog info`.
struct WatchdogInfo: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "info",
        abstract: "Tell which watchdog this host has, who holds it, and whether it fits the timing.",
        discussion: """
            Opens nothing, for opening a watchdog arms it: what is told comes from the kernel's sysfs and from \
            what is known of the driver (docs/WATCHDOGS.md).

            EXAMPLE: holdfast watchdog info
            """
    )

    @Option(
        help: ArgumentHelp(
            "The device. (default: the one that the configuration names)",
            valueName: "device"
        ),
        completion: .file()
    )
    var device: String?

    @Option(
        help: ArgumentHelp(
            "The configuration of this host. (default: \(DaemonSettings.defaultFile))",
            valueName: "file"
        ),
        completion: .file(extensions: ["toml"])
    )
    var config: String?

    @OptionGroup var output: Output

    func run() throws {
        let settings: DaemonSettings
        do {
            settings = try DaemonSettings(contentsOf: config ?? DaemonSettings.defaultFile)
        } catch {
            throw CommandFailure(.badData, "\(error)")
        }
        let path = device ?? settings.fencing.watchdog
        guard FileManager.default.fileExists(atPath: path) else {
            throw CommandFailure(
                .missing,
                "there is no \(path): load the driver of this host's watchdog (docs/WATCHDOGS.md lists them)"
            )
        }
        let report = WatchdogInfoReport(path: path, settings: settings)
        try output.show(report) { ink in report.text(ink) }
        guard report.obstacles.isEmpty else { throw ExitCode(ExitStatus.reduced.rawValue) }
    }
}

/// What is known of a watchdog without opening it.
struct WatchdogInfoReport: Encodable {
    var path: String
    var identity: String?
    var module: String?
    var state: String?
    var hasNoWayOut: Bool?
    var timeoutSeconds: Int32?
    var leastSeconds: Int32?
    var mostSeconds: Int32?
    var pretimeoutSeconds: Int32?
    var causedLastReset: Bool?
    var holders: [String]
    var wantedSeconds: Double
    var remark: String?
    /// Why this host cannot be armed with it; empty when nothing speaks against it.
    var obstacles: [String]
    var lastTest: String?

    init(path: String, settings: DaemonSettings) {
        let kernel = WatchdogSysfs(path)
        let driver = kernel.identity.flatMap { WatchdogDriver.of($0) }
        let wanted = settings.timing.derived.watchdog
        let isMeasured = settings.fencing.isWatchdogTimeMeasured
        let asked = isMeasured ? nil : driver?.secondsToAsk(for: wanted)
        self.path = path
        identity = kernel.identity
        module = driver?.module
        state = kernel.state
        hasNoWayOut = kernel.hasNoWayOut
        timeoutSeconds = kernel.timeoutSeconds
        leastSeconds = [kernel.leastSeconds, driver?.leastSeconds].compactMap { $0 }.max()
        mostSeconds = kernel.mostSeconds
        pretimeoutSeconds = kernel.pretimeoutSeconds
        causedLastReset = kernel.bootStatus.map { $0 & 32 != 0 }
        let found = WatchdogHolder.all(of: path)
        holders = found.map(\.description)
        wantedSeconds = asked?.inSeconds ?? wanted.inSeconds
        remark = driver?.remark
        obstacles = []
        if let leastSeconds, Double(leastSeconds) > wanted.inSeconds {
            obstacles.append(
                "it takes \(leastSeconds) s at least, and \(settings.timing.words) needs \(wanted)"
            )
        }
        if driver == .softdog, !settings.fencing.allowSoftdog {
            obstacles.append("it is the software watchdog, and fencing.allow-softdog is not set")
        }
        for holder in found where holder.name != "holdfastd" { obstacles.append("it is held by \(holder)") }
        lastTest = WatchdogRecord(readingFrom: settings.paths.stateDirectory)?.sentence(
            presentBoot: WatchdogRecord.presentBoot
        )
    }

    /// For people.
    func text(_ ink: Ink) -> String {
        func seconds(_ value: Int32?) -> String { value.map { $0 == 0 ? "none" : "\($0) s" } ?? "not told" }
        var lines = [
            "\(path): \(identity.map { ink.strong($0) } ?? "a driver that does not say what it is")"
                + (module.map { " (\($0))" } ?? "") + (state.map { ", \($0)" } ?? ""),
            "timeout \(seconds(timeoutSeconds)), this profile asks for \(wantedSeconds) s; least"
                + " \(seconds(leastSeconds)), most \(seconds(mostSeconds)), pretimeout \(seconds(pretimeoutSeconds))",
        ]
        if hasNoWayOut == true {
            lines.append("nowayout: once armed it is never disarmed; a leave keeps feeding it")
        }
        if causedLastReset == true { lines.append("it caused the last reset of this host") }
        lines.append("held by: " + (holders.isEmpty ? "nobody" : holders.joined(separator: ", ")))
        if let remark { lines.append("\(module ?? "driver"): \(remark)") }
        lines.append(
            "last test: \(lastTest ?? "never; 'holdfast watchdog test' proves that it resets this host")"
        )
        lines += obstacles.map { ink.bad("! ") + $0 }
        return lines.joined(separator: "\n")
    }
}
