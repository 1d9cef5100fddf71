public import LivesetEngine
public import NodeRuntime
public import PoolModel
import Synchronization

/// What the watchdog is and why it is not used, for log and status; the fence thread writes it and never
/// waits.
public final class WatchdogReport: Sendable {
    /// What is known at one moment.
    public struct Content: Sendable {
        /// The device that was opened or adopted last.
        public var facts: WatchdogFacts?
        /// What went wrong last; nil after a success.
        public var error: WatchdogError?
    }

    private let content = Mutex(Content(facts: nil, error: nil))
    private let waker: any LoopWaker

    /// A report whose reader is woken when something went wrong.
    public init(bridge: any LoopWaker) { waker = bridge }

    /// What is known now.
    public var current: Content { content.withLock { $0 } }

    /// Tried only: a reader that copies at this moment makes the news be dropped, the state is told by other
    /// ways too.
    func note(facts: WatchdogFacts?, error: WatchdogError?) {
        _ = content.withLockIfAvailable { content in
            if let facts { content.facts = facts }
            content.error = error
        }
        waker.wake()
    }
}

/// The fence loop's watchdog on Linux.
///
/// Feeding does not allocate; opening and disarming may, they are rare.
public struct LinuxWatchdogPort: WatchdogPort, ~Copyable, Sendable {
    private let path: String
    private let allowSoftdog: Bool
    private let pretimeout: TimeSpan
    private let isTimeMeasured: Bool
    private let report: WatchdogReport
    private var device: WatchdogDevice?

    /// A port for the device at `path`; `inherited` is the descriptor that outlived a former daemon, if any.
    public init(
        path: String,
        allowSoftdog: Bool,
        pretimeout: TimeSpan = .zero,
        isTimeMeasured: Bool = false,
        report: WatchdogReport,
        inherited: consuming WatchdogDevice? = nil
    ) {
        self.path = path
        self.allowSoftdog = allowSoftdog
        self.pretimeout = pretimeout
        self.isTimeMeasured = isTimeMeasured
        self.report = report
        if let inherited {
            report.note(facts: inherited.facts, error: nil)
            device = consume inherited
        } else {
            device = nil
        }
    }

    /// Whether a device is open.
    public var isOpen: Bool { device != nil }

    /// Opens the device, or sets the timeout of the one that is open.
    public mutating func open(timeout: TimeSpan) -> WatchdogOutcome {
        do throws(WatchdogError) {
            if let readBack = try device?.setTimeout(timeout) { return .opened(readBack: readBack) }
            let opened = try WatchdogDevice.open(
                path,
                timeout: timeout,
                allowSoftdog: allowSoftdog,
                pretimeout: pretimeout,
                isTimeMeasured: isTimeMeasured
            )
            let readBack = opened.timeout
            report.note(facts: opened.facts, error: nil)
            device = consume opened
            return .opened(readBack: readBack)
        } catch {
            report.note(facts: nil, error: error)
            return .failed
        }
    }

    /// Restarts the countdown.
    public mutating func feed() -> Bool { device?.feed() ?? false }

    /// Writes the magic character and closes; a device that cannot be disarmed stays open.
    public mutating func disarm(_ permit: consuming DisarmPermit) -> DisarmOutcome {
        do throws(WatchdogError) {
            try device?.disarm(permit)
            device = nil
            return .disarmed
        } catch {
            report.note(facts: nil, error: error)
            return .staysArmed
        }
    }
}
