import AdminProtocol
import Synchronization

/// The last events of this daemon run, for `events`: bounded, the oldest go first.
///
/// Written by the bridge, read by the admin server; ordinary threads both.
final class EventHistory: Sendable {
    private struct State {
        var events: [EventReport] = []
        var next: UInt64 = 1
    }

    private let state = Mutex(State())
    private let capacity: Int

    /// How many events are kept, and how many one answer has at most.
    static let usualCapacity = 2000

    init(capacity: Int = EventHistory.usualCapacity) {
        precondition(capacity > 0, "a history keeps at least one event")
        self.capacity = capacity
    }

    /// Adds an event, whose sequence is given here.
    func append(_ event: EventReport) {
        state.withLock { state in
            var event = event
            event.sequence = state.next
            state.next += 1
            // Drops in blocks, so that a full history does not move every event each time.
            if state.events.count >= capacity + capacity / 4 { state.events.removeFirst(capacity / 4 + 1) }
            state.events.append(event)
        }
    }

    /// The events from `since` on, at most `limit`.
    func report(since: UInt64, limit: Int?) -> EventsReport {
        state.withLock { state in
            let kept = state.events.suffix(capacity)
            let wanted = kept.drop { $0.sequence < since }.prefix(max(0, min(limit ?? capacity, capacity)))
            return EventsReport(
                events: Array(wanted),
                oldestKept: kept.first?.sequence ?? state.next,
                next: wanted.last.map { $0.sequence + 1 } ?? max(since, state.next)
            )
        }
    }
}
