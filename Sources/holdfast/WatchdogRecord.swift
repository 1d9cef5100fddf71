import FoundationEssentials
import LinuxPlatform

/// What `watchdog test` leaves behind: how long the host lived unfed, synced again and again until it was
/// reset.
struct WatchdogRecord: Encodable {
    /// The boot in which it was tested.
    var boot: String
    /// The driver.
    var identity: String
    /// The timeout that the device took.
    var timeoutSeconds: Int
    /// How long the host lived unfed, at least.
    var livedMilliseconds: Int

    private static func file(_ directory: String) -> OwnFile {
        OwnFile(directory: directory, name: "watchdog-test", kind: "holdfast-watchdog-test 1")
    }

    /// The boot id of the kernel.
    static var presentBoot: String { SmallFile.firstLine(of: "/proc/sys/kernel/random/boot_id") ?? "unknown" }

    /// Syncs it to the host's own disk.
    func write(to directory: String) throws(CommandFailure) {
        do throws(OwnFileError) {
            try WatchdogRecord.file(directory).write([
                ("boot", boot), ("identity", identity), ("timeout-seconds", "\(timeoutSeconds)"),
                ("lived-milliseconds", "\(livedMilliseconds)"),
            ])
        } catch {
            throw CommandFailure(.notWritten, "\(error)")
        }
    }

    /// The record of the last test; nil when there was none, or it cannot be read.
    init?(readingFrom directory: String) {
        guard let pairs = try? WatchdogRecord.file(directory).read(), let boot = pairs["boot"],
            let identity = pairs["identity"], let timeout = pairs["timeout-seconds"].flatMap({ Int($0) }),
            let lived = pairs["lived-milliseconds"].flatMap({ Int($0) })
        else { return nil }
        self.init(boot: boot, identity: identity, timeoutSeconds: timeout, livedMilliseconds: lived)
    }

    /// A record with these figures.
    init(boot: String, identity: String, timeoutSeconds: Int, livedMilliseconds: Int) {
        self.boot = boot
        self.identity = identity
        self.timeoutSeconds = timeoutSeconds
        self.livedMilliseconds = livedMilliseconds
    }

    /// What came of the test, as a sentence.
    func sentence(presentBoot: String) -> String {
        let lived = "\(Double(livedMilliseconds / 100) / 10) s"
        guard boot != presentBoot else {
            return "under way, or the watchdog did not reset this host within \(lived)"
        }
        let isInTime = livedMilliseconds <= (timeoutSeconds + 1) * 1000
        return "\(identity) with W = \(timeoutSeconds) s reset this host after \(lived)"
            + (isInTime ? "" : ": too late, D allows for 1 s more than W; choose another device")
    }
}
