import AdminProtocol
import ArgumentParser
import DaemonConfig
import Glibc
import LinuxPlatform
import NodeRuntime
import PoolModel

/// `holdfast watchdog test`.
struct WatchdogTest: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "test",
        abstract: "Let the watchdog reset this host, to see that it does and after how long.",
        discussion: """
            Only on a host that has left the pool ('holdfast host leave') and runs no guest. Opens the device, does \
            not feed it, and counts. When the host is up again, 'holdfast watchdog info' tells after how long it was \
            reset.

            EXAMPLE: holdfast host leave && holdfast watchdog test
            """
    )

    @Option(
        help: ArgumentHelp(
            "The configuration of this host. (default: \(DaemonSettings.defaultFile))",
            valueName: "file"
        ),
        completion: .file(extensions: ["toml"])
    )
    var config: String?

    @OptionGroup var confirmation: Confirmation
    @OptionGroup var connection: Connection

    func run() throws {
        let settings: DaemonSettings
        do {
            settings = try DaemonSettings(contentsOf: config ?? DaemonSettings.defaultFile)
        } catch {
            throw CommandFailure(.badData, "\(error)")
        }
        if let objection = WatchdogTest.objection(to: try connection.ask(.daemon, StatusCommand())) {
            throw CommandFailure(.refused, objection)
        }
        let fencing = settings.fencing
        let wanted = settings.timing.derived.watchdog
        try confirmation.ask("This host will be reset by \(fencing.watchdog) within about \(wanted).")
        sync()
        let device: WatchdogDevice
        do throws(WatchdogError) {
            device = try WatchdogDevice.open(
                fencing.watchdog,
                timeout: wanted,
                allowSoftdog: fencing.allowSoftdog,
                isTimeMeasured: true
            )
        } catch {
            let holders = WatchdogHolder.all(of: fencing.watchdog).map(\.description)
            throw CommandFailure(.refused, "\(error)" + (holders.isEmpty ? "" : "; held by \(holders)"))
        }
        try waitForReset(device, settings.paths.stateDirectory)
    }

    /// Why a host with this status is not to be reset for a test; nil when nothing speaks against it.
    static func objection(to status: StatusReport) -> String? {
        let host = status.host
        if status.hasGuests {
            return "guests run on \(host), or may: move or stop them, then 'holdfast host leave'"
        }
        if status.phase != .left {
            return
                "\(host) is \(status.phase.rawValue), not left: the pool has to know; run 'holdfast host leave' first"
        }
        if status.fencing.isArmed {
            return "the daemon of \(host) still holds the watchdog: wait until it is disarmed"
        }
        return nil
    }

    /// Counts, and keeps on the disk how far it came; returns only when the device does nothing.
    private func waitForReset(_ device: consuming WatchdogDevice, _ directory: String) throws {
        let clock = BootClock()
        let start = clock.now()
        var record = WatchdogRecord(
            boot: WatchdogRecord.presentBoot,
            identity: device.facts.identity,
            timeoutSeconds: Int(device.facts.timeoutSeconds),
            livedMilliseconds: 0
        )
        let limit = device.timeout * 2 + .seconds(5)
        print(
            "\(device.facts.path) (\(record.identity)) is armed with W = \(record.timeoutSeconds) s and not fed"
        )
        while clock.now() - start < limit {
            record.livedMilliseconds = (clock.now() - start).inMilliseconds
            try record.write(to: directory)
            if record.livedMilliseconds % 1000 < 100 {
                print("unfed for \(record.livedMilliseconds / 1000) s")
            }
            fflush(nil)
            clock.sleep(until: clock.now() + .milliseconds(100))
        }
        throw CommandFailure(
            .refused,
            "the watchdog did not reset this host within \(limit): do not rely on it. It stays armed, so that a"
                + " reset may still come; see docs/WATCHDOGS.md for the driver, and the firmware's settings"
        )
    }
}
