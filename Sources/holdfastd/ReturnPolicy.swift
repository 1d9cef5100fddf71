import LivesetEngine

/// What a starting host may do, after what happened to its former lives.
struct ReturnDecision: Equatable, Sendable {
    /// Why it stays out; nil to join.
    var holdOut: HoldOutReason?
    /// Unclean ends within the last hour, for the slot.
    var recentRemovals: UInt8
    /// Self-fences in a row, for the slot.
    var selfFences: UInt8
}

/// Whether a host that came back joins again, or stays out because it flaps or loops ([FAULT-7], [FAULT-8]).
///
/// Pure: the record and the wall clock are arguments. Wall time may step; a time in the future counts as
/// *now*, so that a clock set back never lets a flapping host in early.
struct ReturnPolicy: Equatable, Sendable {
    /// Removals within an hour; 0 for no limit.
    var removalLimit: Int
    /// Self-fences in a row; 0 for no limit.
    var selfFenceLimit: Int

    /// The hour of [FAULT-7].
    static let windowSeconds: Int64 = 3600
    /// How long a flapping host stays out unless the operator clears it.
    static let flappingSeconds: Int64 = 7200

    /// Decides, and notes a hold-out that begins or ends in the record, which the caller then writes.
    func decide(_ record: inout ReturnRecord, wallSeconds now: Int64) -> ReturnDecision {
        let recent = record.ends.count { now - min($0.wallSeconds, now) < ReturnPolicy.windowSeconds }
        let isLooping = selfFenceLimit > 0 && record.selfFencesInRow >= selfFenceLimit
        let isFlapping = removalLimit > 0 && recent >= removalLimit
        if isLooping {
            if record.heldOut?.isBootLoop != true {
                record.heldOut = ReturnRecord.HeldOut(isBootLoop: true, sinceWallSeconds: now)
            }
        } else if isFlapping, record.heldOut == nil {
            record.heldOut = ReturnRecord.HeldOut(isBootLoop: false, sinceWallSeconds: now)
        } else if let heldOut = record.heldOut {
            let isOver = heldOut.isBootLoop || removalLimit == 0 || isServed(heldOut, now)
            if isOver { record.heldOut = nil }
        }
        return ReturnDecision(
            holdOut: record.heldOut.map { $0.isBootLoop ? .bootLoop : .flapping },
            recentRemovals: UInt8(clamping: recent),
            selfFences: UInt8(clamping: record.selfFencesInRow)
        )
    }

    /// Whether the two hours are over; a flapping host that was let in again starts counting anew.
    private func isServed(_ heldOut: ReturnRecord.HeldOut, _ now: Int64) -> Bool {
        now - min(heldOut.sinceWallSeconds, now) >= ReturnPolicy.flappingSeconds
    }
}
