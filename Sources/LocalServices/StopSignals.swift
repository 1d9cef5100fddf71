import CLocalServices

/// SIGTERM, SIGINT and SIGHUP as something to read, instead of something that interrupts.
public final class StopSignals: Sendable {
    /// Readable when a signal came; for a poller.
    public let descriptor: Int32

    /// Blocks the signals in this thread and in all that are started later.
    ///
    /// To be called before any thread starts.
    public init() throws(LocalError) {
        descriptor = ls_stop_signals()
        guard descriptor >= 0 else { throw LocalError("signalfd", result: descriptor) }
    }

    /// The signal that asks to make way for a newer run of the same daemon.
    public static let handOver = "SIGHUP"

    deinit { _ = ls_close(descriptor) }

    /// The name of the next signal that came, nil when none did.
    public func next() -> String? {
        switch ls_next_signal(descriptor) {
        case 15: "SIGTERM"
        case 2: "SIGINT"
        case 1: StopSignals.handOver
        default: nil
        }
    }
}

/// This process, as the kernel knows it.
public enum OwnProcess {
    /// Its number.
    public static var number: Int32 { ls_own_process() }
    /// The user it acts as.
    public static var user: UInt32 { ls_own_user() }
}
