import LivesetEngine
import PoolModel

/// A pool in one moment of a search: real engines over a minimal world.
///
/// A class that is copied by hand where a search branches: engines cannot be copied by accident.
final class Situation {
    private(set) var hosts: [PoolHost]
    var step = 0
    var phase = 0
    // The disk
    var slots: [SlotReading]
    /// `ballotSubBlocks` a row.
    var subBlocks: [BallotRecord]
    var newest: [BallotReading]
    var lateWrites: [LateWrite] = []
    // The network
    var mails: [Mail] = []
    /// Bit 8 from + to.
    var cutLinks: UInt64 = 0
    // What the oracles know
    /// Per epoch, the view that was adopted or decided in it.
    var views: [View] = []
    var published = Epoch.zero
    /// An operator had a host fenced: that stops one host more.
    var wasAskedOut = false
    /// How much later than promised every watchdog resets; zero but in a world that breaks its promise.
    var watchdogDelay = TimeSpan.zero
    /// What is broken, if anything.
    var violation: String?

    /// A freshly formatted statefile, and hosts without power.
    init(hostCount: Int) {
        hosts = (0..<hostCount).map { PoolHost(row: HostIndex($0)) }
        slots = (0..<hostCount).map {
            SlotReading(verdict: .valid, fingerprint: 0, slot: Slot(emptyFor: HostIndex($0)))
        }
        subBlocks = (0..<hostCount * StatefileShape.ballotSubBlocks).map {
            BallotRecord(formattedFor: HostIndex($0 / StatefileShape.ballotSubBlocks))
        }
        newest = (0..<hostCount).map {
            BallotReading(
                validCount: UInt8(StatefileShape.ballotSubBlocks),
                newestSubBlock: 0,
                newest: BallotRecord(formattedFor: HostIndex($0))
            )
        }
    }

    private init(copying other: Situation) {
        hosts = other.hosts.map { $0.copy() }
        (step, phase) = (other.step, other.phase)
        (slots, subBlocks, newest) = (other.slots, other.subBlocks, other.newest)
        (lateWrites, mails, cutLinks) = (other.lateWrites, other.mails, other.cutLinks)
        (views, published, violation) = (other.views, other.published, other.violation)
        (wasAskedOut, watchdogDelay) = (other.wasAskedOut, other.watchdogDelay)
    }

    /// A second state that goes its own way.
    func copy() -> Situation { Situation(copying: self) }

    /// What every clock reads.
    var now: MonotonicInstant { PoolClock.instant(step: step, phase: phase) }

    /// Whether what `from` sends does not reach `to`.
    func isCut(_ from: HostIndex, _ to: HostIndex) -> Bool { cutLinks & bit(from, to) != 0 }

    /// The bit of one link.
    func bit(_ from: HostIndex, _ to: HostIndex) -> UInt64 { 1 << UInt64(from.row * 8 + to.row) }

    /// Notes a broken promise; the first one counts.
    func broken(_ promise: String, _ what: String) {
        if violation == nil { violation = "\(promise): \(what)" }
    }

    /// The hash by which a search recognises this situation.
    func fingerprint() -> StateHash {
        var frame = SequenceFrame()
        for host in hosts {
            frame.rows[host.row] = host.engine?.sequences ?? SequenceFrame.Row()
            let written = slots[host.row.row].slot.sequence
            frame.rows[host.row].newestSlot = max(frame.rows[host.row].newestSlot, written)
        }
        var hash = StateHash(now: now, horizon: PoolClock.horizon, frame: frame)
        for host in hosts { host.mix(into: &hash, step: step, hostCount: hosts.count) }
        for slot in slots { hash.mix(slot.slot, hostCount: hosts.count) }
        for record in subBlocks { hash.mix(record, hostCount: hosts.count) }
        hash.mix(cutLinks)
        hash.mix(wasAskedOut)
        hash.mix(mails.count)
        for mail in mails {
            hash.mix(mail.to.row << 8 | (mail.due - step))
            hash.mix(mail.letter.heartbeat, hostCount: hosts.count)
        }
        for write in lateWrites {
            hash.mix(write.host.row << 8 | (write.due - step))
            hash.mix(write.run)
            if let slot = write.order.request.slot { hash.mix(slot, hostCount: hosts.count) }
            if let ballot = write.order.request.ballot { hash.mix(ballot.record, hostCount: hosts.count) }
        }
        return hash
    }
}
