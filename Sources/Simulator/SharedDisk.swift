import PoolModel

/// The statefile as it stands on the medium: every host's slot and its ballot sub-blocks.
struct SharedDisk: Sendable {
    /// One a row; the fingerprint stands for the bytes.
    private(set) var slots: [SlotReading]
    /// `ballotSubBlocks` a row; nil is torn or spoilt.
    private(set) var subBlocks: [BallotRecord?]
    /// The newest record of each row, as a reader sees it.
    private(set) var newest: [BallotReading]
    /// Grows with each change of a row's ballot blocks, so that readers copy only what is new.
    private(set) var ballotVersions: [UInt64]

    /// A statefile freshly formatted for `hostCount` hosts.
    init(hostCount: Int) {
        slots = (0..<hostCount).map {
            SlotReading(verdict: .valid, fingerprint: UInt64($0 + 1), slot: Slot(emptyFor: HostIndex($0)))
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
        ballotVersions = Array(repeating: 1, count: hostCount)
    }

    /// A slot write reaches the medium.
    mutating func writeSlot(_ slot: Slot, fingerprint: UInt64) {
        let row = slot.owner.row
        slots[row].verdict = .valid
        slots[row].fingerprint = fingerprint
        slots[row].slot = slot
    }

    /// The slot's bytes become something that no reader accepts.
    mutating func spoilSlot(of host: HostIndex, _ verdict: SlotReading.Verdict, fingerprint: UInt64) {
        slots[host.row].verdict = verdict
        slots[host.row].fingerprint = fingerprint
    }

    /// A ballot write reaches the medium; nil tears it.
    mutating func writeBallot(_ record: BallotRecord?, of host: HostIndex, subBlock: Int) {
        precondition(subBlock < StatefileShape.ballotSubBlocks, "a ballot write names one of the sub-blocks")
        subBlocks[host.row * StatefileShape.ballotSubBlocks + subBlock] = record
        ballotVersions[host.row] += 1
        refreshNewest(of: host)
    }

    private mutating func refreshNewest(of host: HostIndex) {
        var valid: UInt8 = 0
        var best: Int?
        let base = host.row * StatefileShape.ballotSubBlocks
        for index in 0..<StatefileShape.ballotSubBlocks {
            guard let record = subBlocks[base + index] else { continue }
            valid += 1
            if let known = best, let other = subBlocks[base + known], !record.isNewer(than: other) {
                continue
            }
            best = index
        }
        newest[host.row].validCount = valid
        guard let best, let record = subBlocks[base + best] else { return }
        newest[host.row].newestSubBlock = UInt8(best)
        newest[host.row].newest = record
    }
}
