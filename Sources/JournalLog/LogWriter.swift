/// Takes lines out of the queue and writes them, on one ordinary thread that may block in the journal.
public struct LogWriter: Sendable {
    /// Where lines go.
    public enum Destination: Sendable {
        /// To the journal: the closure sends one datagram to its socket and tells whether that was possible.
        case journal(identifier: String, send: @Sendable (String) -> Bool)
        /// Readable lines: the closure writes text to standard error.
        case console(write: @Sendable (String) -> Void)
    }

    private let queue: LogQueue
    private let destination: Destination

    /// A writer of `queue`.
    public init(queue: LogQueue, destination: Destination) {
        self.queue = queue
        self.destination = destination
    }

    /// Writes all that waits; false when the queue is closed and empty.
    public func drain() -> Bool {
        while true {
            switch queue.next() {
            case .line(let line): write(line)
            case .lost(let count):
                let message = "\(count) log lines were lost: they came faster than they could be written"
                write(
                    LogLine(priority: 4, level: "warning", message: message, fields: [:], wallNanoseconds: 0)
                )
            case .empty: return true
            case .closed: return false
            }
        }
    }

    private func write(_ line: LogLine) {
        switch destination {
        case .journal(let identifier, let send):
            // A journal that is away loses lines; there is nowhere to tell it.
            _ = send(line.journalDatagram(identifier: identifier))
        case .console(let write):
            write(line.consoleLine())
        }
    }
}
