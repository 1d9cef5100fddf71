import FoundationEssentials
import JournalLog
import LinuxPlatform
import LocalServices
import Logging
import PoolModel

/// The manager's log: to the journal under systemd, else readable lines on standard error.
struct ManagerLog {
    /// What the manager logs with.
    let logger: Logger
    private let queue: LogQueue
    private let thread: PlatformThread

    init(host: String) throws(SystemError) {
        let waker = try Waker()
        let queue = LogQueue { waker.wake() }
        let writer = LogWriter(queue: queue, destination: ManagerLog.destination)
        thread = try PlatformThread.start(name: "hf-log") {
            while writer.drain() { _ = waker.wait(until: BootClock().now() + .seconds(60)) }
        }
        var logger = Logger(label: "holdfast-manager") { label in
            JournalHandler(label: label, queue: queue) { WallClock.nanosecondsSince1970 }
        }
        logger[metadataKey: "host"] = "\(host)"
        self.queue = queue
        self.logger = logger
    }

    private static var destination: LogWriter.Destination {
        guard ProcessInfo.processInfo.environment["JOURNAL_STREAM"] != nil else {
            return .console { StandardError.write($0) }
        }
        return .journal(identifier: "holdfast-manager") { text in
            (try? LocalDatagram.send(text, to: LocalDatagram.journalSocket)) != nil
        }
    }

    /// Writes what waits, and ends.
    func close() {
        queue.close()
        thread.join()
    }
}
