package import PoolModel

/// A hash of a state of the pool in which times are ages and sequences are distances, so that a search
/// recognises a situation which it has met before at another time.
///
/// 128 bits: that two of 100 million different states collide has a probability below 1 : 10^22.
package struct StateHash: BitwiseCopyable {
    /// The two halves.
    package private(set) var low: UInt64 = 0x243F_6A88_85A3_08D3
    /// See `low`.
    package private(set) var high: UInt64 = 0x1319_8A2E_0370_7344
    /// What is older decides nothing: no rule compares an age with more.
    private let horizon: TimeSpan
    /// The instant from which ages count.
    private let now: MonotonicInstant
    /// The newest sequences, from which distances count.
    package let frame: SequenceFrame

    /// A hash of nothing yet.
    package init(now: MonotonicInstant, horizon: TimeSpan, frame: SequenceFrame) {
        self.now = now
        self.horizon = horizon
        self.frame = frame
    }

    /// Takes a word in.
    package mutating func mix(_ word: UInt64) {
        low = (low ^ word) &* 0x9E37_79B9_7F4A_7C15
        low ^= low >> 32
        high = (high &+ word) &* 0xC2B2_AE3D_27D4_EB4F
        high ^= high >> 29
    }

    /// Takes a truth in.
    package mutating func mix(_ truth: Bool) { mix(truth ? 1 : 2 as UInt64) }

    /// Takes a number in.
    package mutating func mix(_ number: Int) { mix(UInt64(bitPattern: Int64(number))) }

    /// Takes an instant in, as its age; all that is older than the horizon is alike, and so is all that
    /// never was.
    package mutating func mix(_ instant: MonotonicInstant) {
        if instant == .distantPast { return mix(1 << 62 as UInt64) }
        if instant == .distantFuture { return mix(1 << 61 as UInt64) }
        let age = now - instant
        mix(UInt64(bitPattern: (age > horizon ? horizon + horizon : age).nanoseconds))
    }

    /// Takes an instant in that may be missing.
    package mutating func mix(_ instant: MonotonicInstant?) {
        if let instant { mix(instant) } else { mix(1 << 60 as UInt64) }
    }

    /// How long ago `instant` was.
    package func age(of instant: MonotonicInstant) -> TimeSpan { now - instant }

    /// Takes a span in.
    package mutating func mix(_ span: TimeSpan) { mix(UInt64(bitPattern: span.nanoseconds)) }

    /// Takes a life in.
    package mutating func mix(_ life: Incarnation) {
        mix(UInt64(life.number.rawValue))
        mix(UInt64(truncatingIfNeeded: life.boot.rawValue))
        mix(life.nonce.rawValue)
    }

    /// Takes the sequence of a heartbeat of `host`'s run `nonce` in.
    package mutating func mix(heartbeat sequence: UInt64, of host: HostIndex, _ nonce: RunNonce) {
        let row = frame.rows[host]
        mix(nonce == row.nonce && sequence > 0 ? row.newestHeartbeat &- sequence &+ 1 << 40 : sequence)
    }

    /// Takes the sequence of a slot of `host` in.
    package mutating func mix(slot sequence: UInt64, of host: HostIndex) {
        mix(sequence > 0 ? frame.rows[host].newestSlot &- sequence &+ 1 << 40 : 0)
    }

    /// Takes a view in, by its first `hostCount` rows.
    package mutating func mix(_ view: borrowing View, hostCount: Int) {
        mix(view.epoch.rawValue)
        mix(UInt64(view.state.rawValue) << 8 | UInt64(view.master?.rawValue ?? 255))
        for row in 0..<hostCount {
            let entry = view.entries[HostIndex(row)]
            mix(UInt64(entry.number.rawValue) << 16 | UInt64(entry.standing.rawValue) << 8)
            mix(UInt64(entry.reason?.rawValue ?? 0))
            mix(entry.removedIn.rawValue)
        }
    }

    /// Takes a slot in, without its last words.
    package mutating func mix(_ slot: borrowing Slot, hostCount: Int) {
        mix(slot: slot.sequence, of: slot.owner)
        mix(slot.incarnation)
        mix(UInt64(slot.phase.rawValue) << 8 | (slot.netOK ? 1 : 0) | (slot.hold ? 2 : 0))
        mix((slot.quarantineOver ? 1 : 0) | (slot.hasGuests ? 2 : 0) | UInt64(slot.weight) << 8)
        mix(slot.epoch.rawValue << 32 | slot.ballotInstance.rawValue)
        mix(slot.certainlyDead)
        mix(slot.watchdog)
        mix(slot.requests)
        for row in 0..<hostCount {
            let host = HostIndex(row)
            mix(UInt64(slot.hears[host].rawValue) << 32 | UInt64(slot.vouches[host].rawValue))
            mix(UInt64(slot.grantAges[host].milliseconds))
        }
    }

    /// Takes the operators' requests in.
    package mutating func mix(_ requests: PoolRequests) {
        mix(requests.asksOut.bits)
        mix(UInt64(requests.asksMaster?.rawValue ?? 255))
        mix((requests.asksDisable ? 1 : 0) | (requests.asksEnable ? 2 : 0) as UInt64)
    }

    /// Takes a ballot record in.
    package mutating func mix(_ record: borrowing BallotRecord, hostCount: Int) {
        mix(record.sequence)
        mix(record.instance.rawValue)
        mix(record.mbal.rawValue)
        mix(record.bal.rawValue)
        if record.bal != .none { mix(record.proposal, hostCount: hostCount) }
        mix(record.decided, hostCount: hostCount)
    }

    /// Takes a heartbeat in.
    package mutating func mix(_ heartbeat: borrowing Heartbeat, hostCount: Int) {
        mix(heartbeat.incarnation)
        mix(heartbeat: heartbeat.sequence, of: heartbeat.sender, heartbeat.incarnation.nonce)
        mix(UInt64(heartbeat.phase.rawValue) << 8 | (heartbeat.netOK ? 1 : 0) | (heartbeat.hold ? 2 : 0))
        mix((heartbeat.isRoundOld ? 1 : 0) | (heartbeat.isStorageLost ? 2 : 0) | (heartbeat.wantsGrant ? 4 : 0))
        mix(heartbeat.epoch.rawValue)
        mix(heartbeat.certainlyDead)
        for row in 0..<hostCount {
            let host = HostIndex(row)
            let echo = heartbeat.echoes[host]
            mix(UInt64(echo.kind.rawValue) << 32 | UInt64(echo.number.rawValue))
            mix(echo.nonce.rawValue)
            mix(heartbeat: echo.sequence, of: host, echo.nonce)
        }
        mix(heartbeat.view?.epoch.rawValue ?? 1 << 59)
    }
}

/// Per host: the newest sequences of its present run.
package struct SequenceFrame: BitwiseCopyable, Sendable {
    /// One host's newest sequences.
    package struct Row: BitwiseCopyable, Sendable {
        /// The run that the heartbeats are of.
        package var nonce = RunNonce.none
        /// The sequence of its newest heartbeat.
        package var newestHeartbeat: UInt64 = 0
        /// The sequence of its newest slot.
        package var newestSlot: UInt64 = 0

        /// Nothing sent, nothing written.
        package init() {}
    }

    /// One row a host.
    package var rows = PerHost<Row>(repeating: Row())

    /// Nothing sent, nothing written.
    package init() {}
}
