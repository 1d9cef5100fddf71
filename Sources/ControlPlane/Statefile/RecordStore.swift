public import LinuxPlatform
import PoolModel
public import StatefileMedium
import Synchronization

/// What the storage thread tells the manager's loop.
public enum RecordEvent: Sendable {
    /// The areas are open and the own one is ours: what stands in them, and the most bytes that the own one
    /// takes.
    case opened(hostNames: [String], own: Int, areas: [AreaContent], payloadLimit: Int)
    /// A reading that was asked for.
    case reading(AreaReading)
    /// A reading failed.
    case readingFailed(String)
    /// The write that was asked for is on the medium.
    case written
    /// The write that was asked for failed; it may have landed.
    case writingFailed(String)
    /// The areas cannot be opened yet, for this reason; it is tried again.
    case waiting(String)
}

/// The storage thread of the manager: one reading and one write at a time, each on demand.
///
/// It may hang as long as the storage does; the loop goes on without it. The first thing it does is to make
/// sure that no write of a former run or boot can land any more ([VIEW-3]).
public final class RecordStore: Sendable {
    private struct Jobs {
        var reading: UInt64?
        var write: RecordPayload?
        var events: [RecordEvent] = []
    }

    private let jobs = Mutex(Jobs())
    private let ownWaker: Waker
    private let loopWaker: Waker

    /// How long the storage thread waits before it tries to open the statefile again.
    private static let pause = TimeSpan.milliseconds(500)

    /// A store that wakes `loopWaker` at each event; nothing is opened before `start`.
    public init(loopWaker: Waker) throws(SystemError) {
        self.loopWaker = loopWaker
        ownWaker = try Waker()
    }

    /// Starts the thread, which lives as long as the process.
    public func start(
        source: StatefileSource,
        hostName: String,
        keys: RecordKeys,
        lockPath: String
    ) throws(SystemError) {
        _ = try PlatformThread.start(name: "hf-record", stackByteCount: 4 << 20) {
            let medium = self.open(source, hostName, keys, lockPath)
            while true {
                self.work(medium)
                _ = self.ownWaker.wait(until: BootClock().now() + .seconds(60))
            }
        }
    }

    /// Asks for a reading of all areas; its event carries `number`.
    public func read(_ number: UInt64) {
        jobs.withLock { $0.reading = number }
        ownWaker.wake()
    }

    /// Asks for a write of the own area; there is at most one at a time.
    public func write(_ payload: RecordPayload) {
        jobs.withLock { jobs in
            precondition(jobs.write == nil, "one write of the record at a time")
            jobs.write = payload
        }
        ownWaker.wake()
    }

    /// What happened since the last call, in order.
    public func takeEvents() -> [RecordEvent] {
        jobs.withLock { jobs in
            defer { jobs.events = [] }
            return jobs.events
        }
    }

    private func tell(_ event: RecordEvent) {
        jobs.withLock { $0.events.append(event) }
        loopWaker.wake()
    }

    /// Takes over the areas, and waits as long as anything keeps this run from them.
    private func open(
        _ source: StatefileSource,
        _ hostName: String,
        _ keys: RecordKeys,
        _ lockPath: String
    ) -> RecordMedium {
        var told = ""
        var opening = RecordOpening(source: source, hostName: hostName, keys: keys, lockPath: lockPath)
        while true {
            switch opening.attempt() {
            case .opened(let medium, let areas):
                tell(
                    .opened(
                        hostNames: medium.hostNames,
                        own: medium.own.row,
                        areas: areas,
                        payloadLimit: medium.payloadLimit
                    )
                )
                return medium
            case .waiting(let trouble):
                if trouble != told { tell(.waiting(trouble)) }
                told = trouble
            }
            BootClock().sleep(until: BootClock().now() + RecordStore.pause)
        }
    }

    /// Carries out what waits: a write first, so that a reading after it shows it.
    private func work(_ medium: RecordMedium) {
        while true {
            let (write, reading) = jobs.withLock { jobs in
                defer { (jobs.write, jobs.reading) = (nil, nil) }
                return (jobs.write, jobs.reading)
            }
            guard write != nil || reading != nil else { return }
            if let write {
                do throws(RecordMediumError) {
                    try medium.write(write)
                    tell(.written)
                } catch {
                    tell(.writingFailed(error.description))
                }
            }
            if let reading {
                do throws(RecordMediumError) {
                    tell(.reading(AreaReading(number: reading, areas: try medium.readAreas())))
                } catch {
                    tell(.readingFailed(error.description))
                }
            }
        }
    }
}
