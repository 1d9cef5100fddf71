public import ByteFormat
import LinuxPlatform
public import PoolModel
public import StatefileLayout

/// Something about a statefile that weakens or breaks protection.
public enum StatefileProblem: Hashable, Sendable, CustomStringConvertible {
    /// A host's slot is no valid slot of this pool.
    case slot(host: String, RecordRejection)
    /// A ballot sub-block that was written is torn or foreign; harmless while the host has another valid one.
    case ballot(host: String, subBlock: Int, RecordRejection)
    /// A host has no valid ballot record at all: no view can be decided.
    case noBallot(host: String)
    /// Two hosts know different views of one epoch: the statefile was restored, copied or tampered with.
    case contradictingViews(epoch: Epoch, host: String, other: String)
    /// A pool-record copy that was written is torn or foreign.
    case poolRecord(host: String, copy: Int, RecordRejection)
    /// There is no room for pool records: the manager cannot keep its records here.
    case noPoolRecords(deviceBytes: Int)
    /// Reads go through the page cache of this host.
    case cached
    /// A request took longer than the pool's I/O deadline.
    case slow(longest: TimeSpan, deadline: TimeSpan)

    /// Whether the pool cannot work with it, or only less well.
    public var isFatal: Bool {
        switch self {
        case .noBallot, .contradictingViews: true
        case .slot, .ballot, .poolRecord, .noPoolRecords, .cached, .slow: false
        }
    }

    /// The sentence, with the next step.
    public var description: String {
        switch self {
        case .slot(let host, let cause):
            "the slot of \(host) is not readable (\(cause)): the others take it as no news until \(host) writes again"
        case .ballot(let host, let subBlock, let cause):
            "ballot sub-block \(subBlock) of \(host) is not readable (\(cause)): its other sub-blocks carry it"
        case .noBallot(let host):
            "\(host) has no readable ballot record: no view can be decided; stop all daemons and format "
                + "the statefile anew"
        case .contradictingViews(let epoch, let host, let other):
            "\(host) and \(other) hold different views of epoch \(epoch): the statefile was restored or copied "
                + "while in use; stop all daemons and format it anew"
        case .poolRecord(let host, let copy, let cause):
            "pool-record copy \(copy) of \(host) is not readable (\(cause)): its other copies carry it"
        case .noPoolRecords(let bytes):
            "\(bytes) bytes leave no room for pool records: machines cannot be protected; use a larger device"
        case .cached:
            "this filesystem refuses O_DIRECT: reads go through this host's page cache; on storage that several hosts "
                + "mount, use one that allows it"
        case .slow(let longest, let deadline):
            "the slowest request took \(longest), and the pool's I/O deadline is \(deadline): rounds will fail; "
                + "choose a slower timing profile or a faster path"
        }
    }
}

/// What a check of a statefile found.
public struct StatefileCheckReport: Sendable {
    /// What it holds.
    public let dump: StatefileDump
    /// How long the reads of all slots took.
    public let reads: RoundLatency
    /// How long the writes of the own slot took; empty where nothing was written.
    public let writes: RoundLatency
    /// What was found, the worst first.
    public let problems: [StatefileProblem]

    /// The fastest profile that these times allow.
    public var safeProfile: SafeProfile { SafeProfile(longest: max(reads.quantile(1), writes.quantile(1))) }
}

/// Checks a statefile without changing a byte, so that it can be done at any time on any host.
///
/// Where the caller says which slot is its own, and has made sure that no daemon of this host runs, that slot
/// is written with the very bytes that stand in it: the others see no change, and nothing needs room of its
/// own.
public enum StatefileCheck {
    /// Reads everything once, then carries out `roundCount` rounds, one after the other: the slot of `own`
    /// written, where given, and all slots read.
    public static func run<
        Device: StatefileDevice & ~Copyable,
        Authenticator: MessageAuthenticator & ~Copyable
    >(
        _ device: inout Device,
        roundCount: Int,
        own: HostIndex? = nil,
        authenticator: inout Authenticator
    ) throws(StatefileError) -> StatefileCheckReport {
        let dump = try StatefileDump.read(&device, authenticator: &authenticator)
        let geometry = dump.header.geometry
        let slot = own.map { geometry.slot(of: $0) }
        let (reads, writes) = try measure(&device, geometry.slotArea, slot, roundCount: roundCount)
        var found = problems(in: dump)
        let deadline = Timing(dump.header.timing).ioDeadline
        let longest = max(reads.quantile(1), writes.quantile(1))
        if longest > deadline { found.append(.slow(longest: longest, deadline: deadline)) }
        let sorted = found.filter(\.isFatal) + found.filter { !$0.isFatal }
        return StatefileCheckReport(dump: dump, reads: reads, writes: writes, problems: sorted)
    }

    private static func measure<Device: StatefileDevice & ~Copyable>(
        _ device: inout Device,
        _ slots: Range<Int>,
        _ own: Range<Int>?,
        roundCount: Int
    ) throws(StatefileError) -> (reads: RoundLatency, writes: RoundLatency) {
        let clock = BootClock()
        var buffer = AlignedBuffer(minimumByteCount: slots.count)
        var content = AlignedBuffer(minimumByteCount: own?.count ?? 0)
        if let own {
            try device.read(
                offsetBytes: own.lowerBound,
                byteCount: own.count,
                into: &content,
                until: ToolPatience.deadline
            )
        }
        var reads: [TimeSpan] = []
        var writes: [TimeSpan] = []
        for _ in 0..<roundCount {
            let start = clock.now()
            if let own {
                try device.write(
                    content,
                    byteCount: own.count,
                    offsetBytes: own.lowerBound,
                    until: start + ToolPatience.span
                )
                writes.append(clock.now() - start)
            }
            let middle = clock.now()
            try device.read(
                offsetBytes: slots.lowerBound,
                byteCount: slots.count,
                into: &buffer,
                until: middle + ToolPatience.span
            )
            reads.append(clock.now() - middle)
        }
        return (RoundLatency(reads), RoundLatency(writes))
    }

    static func problems(in dump: StatefileDump) -> [StatefileProblem] {
        var found: [StatefileProblem] = []
        for entry in dump.slots {
            if let rejection = entry.rejection { found.append(.slot(host: entry.name, rejection)) }
        }
        for name in dump.header.hostNames {
            let own = dump.ballots.filter { $0.name == name }
            if own.allSatisfy({ $0.record == nil }) { found.append(.noBallot(host: name)) }
        }
        for entry in dump.ballots {
            // Zeros are what *format* leaves in the sub-blocks that were not used yet.
            guard let rejection = entry.rejection, rejection != .blank else { continue }
            found.append(.ballot(host: entry.name, subBlock: entry.subBlock, rejection))
        }
        found += contradictions(in: dump)
        for entry in dump.poolRecords {
            guard let rejection = entry.rejection else { continue }
            found.append(.poolRecord(host: entry.name, copy: entry.copy, rejection))
        }
        if !dump.header.geometry.hasPoolRecords {
            found.append(.noPoolRecords(deviceBytes: dump.header.geometry.deviceBytes))
        }
        if !dump.isDirect { found.append(.cached) }
        return found
    }

    /// Decided views of one epoch that differ; each epoch is named once ([SAFE-3]).
    private static func contradictions(in dump: StatefileDump) -> [StatefileProblem] {
        var known: [UInt64: (name: String, view: View)] = [:]
        var named: Set<UInt64> = []
        var found: [StatefileProblem] = []
        for entry in dump.ballots {
            guard let view = entry.record?.decided else { continue }
            let epoch = view.epoch.rawValue
            guard let first = known[epoch] else {
                known[epoch] = (entry.name, view)
                continue
            }
            guard first.view != view, named.insert(epoch).inserted else { continue }
            found.append(.contradictingViews(epoch: view.epoch, host: first.name, other: entry.name))
        }
        return found
    }
}
