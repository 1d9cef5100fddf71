import LivesetEngine
import PoolModel

/// One host of a state: its engine, its hardware, and what the oracles know of it.
final class PoolHost {
    let row: HostIndex
    var engine: Engine?
    var hasPower = false
    var boot: UInt64 = 0
    var run: UInt64 = 0
    /// The host's own file.
    var file: PersistedIncarnation?

    // Storage
    var order: RoundOrder?
    /// The writes of the round under way are done.
    var hasWritten = false
    var held: HeldRound?
    var pathIsLost = false

    // Fence loop and watchdog
    var isOpen = false
    /// The lease word; `distantPast` before the first lease of the run.
    var lease = MonotonicInstant.distantPast
    /// The loop has latched: it never feeds again.
    var isLatched = false
    /// When the latched loop fires by itself.
    var firesAt: MonotonicInstant?
    var isArmed = false
    /// When the device resets the host, driver's delay included.
    var resetsAt = MonotonicInstant.distantFuture
    /// The check that a standing host has in hand.
    var checkedAt: MonotonicInstant?
    /// It stands still until this step.
    var stoppedUntil: Int?
    var resetFails = false

    // What the oracles know
    var number = IncarnationNumber.none
    /// The number under which this boot has held a lease and may run guests.
    var dangerous: IncarnationNumber?
    var adoptedEpoch = Epoch.zero
    var adoptedState = View.zero.state
    var isActing = false
    var lastGoodRound = MonotonicInstant.distantPast
    /// It fenced itself or was reset.
    var wasStopped = false

    init(row: HostIndex) { self.row = row }

    /// Whether its programs run.
    var runs: Bool { hasPower && stoppedUntil == nil }

    func copy() -> PoolHost {
        let twin = PoolHost(row: row)
        twin.engine = engine?.copy()
        (twin.hasPower, twin.boot, twin.run, twin.file) = (hasPower, boot, run, file)
        (twin.order, twin.hasWritten, twin.held, twin.pathIsLost) = (order, hasWritten, held, pathIsLost)
        (twin.isOpen, twin.lease, twin.isLatched, twin.firesAt) = (isOpen, lease, isLatched, firesAt)
        (twin.isArmed, twin.resetsAt, twin.checkedAt) = (isArmed, resetsAt, checkedAt)
        (twin.stoppedUntil, twin.resetFails) = (stoppedUntil, resetFails)
        (twin.number, twin.dangerous, twin.isActing) = (number, dangerous, isActing)
        (twin.adoptedEpoch, twin.adoptedState) = (adoptedEpoch, adoptedState)
        (twin.lastGoodRound, twin.wasStopped) = (lastGoodRound, wasStopped)
        return twin
    }

    /// Takes this host's state into `hash`.
    func mix(into hash: inout StateHash, step: Int, hostCount: Int) {
        hash.mix((hasPower ? 1 : 0) | (pathIsLost ? 2 : 0) | (isOpen ? 4 : 0) | (isLatched ? 8 : 0) as UInt64)
        hash.mix((isArmed ? 1 : 0) | (resetFails ? 2 : 0) | (isActing ? 4 : 0) | (wasStopped ? 8 : 0) as UInt64)
        hash.mix(stoppedUntil.map { $0 - step } ?? 99)
        guard hasPower else { return hash.mix(UInt64(file?.number.rawValue ?? 0)) }
        hash.mix(boot)
        hash.mix(UInt64(file?.mark.rawValue ?? 9))
        hash.mix(lease)
        hash.mix(firesAt)
        if isArmed { hash.mix(resetsAt) }
        hash.mix(checkedAt)
        hash.mix(UInt64(dangerous?.rawValue ?? 0) << 32 | UInt64(number.rawValue))
        hash.mix(lastGoodRound)
        if let order {
            hash.mix(order.issuedAt)
            hash.mix(hasWritten)
            hash.mix(UInt64(order.request.ballot?.subBlock ?? 9))
        }
        if let held {
            hash.mix(held.readIssuedAt)
            for slot in held.slots { hash.mix(slot: slot.fingerprint, of: slot.slot.owner) }
            for ballot in held.ballots { hash.mix(ballot.newest.sequence) }
        }
        engine?.mix(into: &hash)
    }
}
