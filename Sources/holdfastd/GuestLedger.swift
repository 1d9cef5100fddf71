import PoolModel

/// What is known of guests on this host: the manager's word, the kernel's word, and the starts that were
/// permitted.
///
/// Pure. Whoever says *running* is believed; only both together say *none*.
struct GuestLedger: Equatable, Sendable {
    /// The manager's last word; nil before its first.
    private(set) var managerSays: Bool?
    /// Whether the guests' cgroup has processes; nil when none is configured or it cannot be read.
    var isCgroupPopulated: Bool?
    /// Guests of the life that this run resumes may still run, although nobody said so yet.
    let mayHaveInherited: Bool
    /// Until when a start that was permitted may still happen; nil when none is open.
    private(set) var permitUntil: MonotonicInstant?

    /// The ledger of a run; `mayHaveInherited` for one that goes on under a number of the same boot.
    init(mayHaveInherited: Bool) { self.mayHaveInherited = mayHaveInherited }

    /// The manager reports.
    ///
    /// It reports *running* from before it asks for a permit, so *none* also says that no start is pending
    /// ([ACT-1]).
    mutating func managerReported(running: Bool) {
        managerSays = running
        if !running { permitUntil = nil }
    }

    /// A start was permitted: a guest may run from now on.
    mutating func permitted(until end: MonotonicInstant) {
        managerSays = true
        permitUntil = max(end, permitUntil ?? end)
    }

    /// A permit that was noted was refused after all: takes back what `permitted` changed.
    mutating func refused(since before: GuestLedger) {
        managerSays = before.managerSays
        permitUntil = before.permitUntil
    }

    /// Whether a guest runs here, or may.
    var mayRun: Bool { (managerSays ?? mayHaveInherited) || isCgroupPopulated == true }

    /// Whether a permit may still start a guest after every present one was stopped.
    func mayStillStart(at now: MonotonicInstant) -> Bool {
        guard let permitUntil else { return false }
        return now < permitUntil
    }

    /// Whether there is nothing to stop, and nothing can come: a proof as good as stopping ([DEAD-2]).
    func hasProvablyNone(at now: MonotonicInstant) -> Bool { !mayRun && !mayStillStart(at: now) }
}
