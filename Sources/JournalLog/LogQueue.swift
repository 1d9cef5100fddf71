import Synchronization

/// Lines that wait for the writer: bounded, so that nothing in the daemon ever waits for the journal.
///
/// Full: the oldest line is dropped and counted; the next line written tells how many were lost. A line that
/// repeats the one before it is counted, not queued again; the count is told before the next other line.
public final class LogQueue: Sendable {
    private struct State {
        var lines: [LogLine] = []
        var dropped = 0
        var last: LogLine?
        var repeats = 0
        var isClosed = false
    }

    /// What the writer is to do next.
    enum Next: Equatable {
        /// Write this line.
        case line(LogLine)
        /// So many lines were dropped before the next one.
        case lost(Int)
        /// Nothing now.
        case empty
        /// Nothing any more.
        case closed
    }

    private let state = Mutex(State())
    private let wake: @Sendable () -> Void
    /// The most lines that wait.
    public let capacity: Int

    /// A queue for `capacity` lines; `wake` is called after each push, on the pusher's thread, and must not
    /// wait.
    public init(capacity: Int = 1024, wake: @escaping @Sendable () -> Void) {
        precondition(capacity > 0, "a queue has room for at least one line")
        self.capacity = capacity
        self.wake = wake
    }

    /// Queues a line.
    ///
    /// Any ordinary thread; the lock is held for the time of one array operation.
    public func push(_ line: LogLine) {
        state.withLock { state in
            if let last = state.last, last.message == line.message, last.priority == line.priority {
                state.repeats += 1
                return
            }
            if let summary = LogQueue.summary(of: state.last, repeats: state.repeats, before: line) {
                append(summary, to: &state)
            }
            state.last = line
            state.repeats = 0
            append(line, to: &state)
        }
        wake()
    }

    private func append(_ line: LogLine, to state: inout State) {
        if state.lines.count >= capacity {
            state.lines.removeFirst()
            state.dropped += 1
        }
        state.lines.append(line)
    }

    private static func summary(of last: LogLine?, repeats: Int, before line: LogLine) -> LogLine? {
        guard let last, repeats > 0 else { return nil }
        return LogLine(
            priority: last.priority,
            level: last.level,
            message: "the line before came \(repeats) more times",
            fields: last.fields,
            wallNanoseconds: line.wallNanoseconds
        )
    }

    /// Lets the writer end once everything is written.
    public func close() {
        state.withLock { $0.isClosed = true }
        wake()
    }

    /// Writer only.
    func next() -> Next {
        state.withLock { state in
            if state.dropped > 0 {
                defer { state.dropped = 0 }
                return .lost(state.dropped)
            }
            guard state.lines.isEmpty else { return .line(state.lines.removeFirst()) }
            return state.isClosed ? .closed : .empty
        }
    }
}
