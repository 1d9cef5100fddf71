public import LivesetEngine
public import PoolModel

/// Why a host was reset.
public enum ResetCause: UInt8, BitwiseCopyable, Sendable {
    /// Its watchdog was not fed.
    case watchdog
    /// It fenced itself by sysrq.
    case sysrq
    /// The test, or a person, rebooted it.
    case person
}

/// One thing that happened in a world, small enough to keep by the thousand.
public enum Happening: BitwiseCopyable, Sendable {
    /// The kernel is up.
    case booted
    /// The host lost power.
    case poweredOff
    /// The host was reset and boots anew.
    case reset(ResetCause)
    /// The daemon started; a new run.
    case daemonStarted
    /// The daemon crashed.
    case daemonCrashed
    /// Threads of the daemon stand still for so long.
    case frozen(HostThreads, TimeSpan)
    /// They run again.
    case thawed
    /// A fault began or ended; the text is one of the world's own words.
    case fault(FaultWord, HostIndex?)
    /// The run works under this number.
    case started(IncarnationNumber, resumed: Bool)
    /// The phase changed.
    case phaseChanged(from: HostPhase, to: HostPhase)
    /// A view was adopted.
    case viewAdopted(Epoch, PoolState, members: HostSet, removed: HostSet, master: HostIndex?)
    /// A change is proposed.
    case proposing(Epoch, HostIndex?, RemovalReason?)
    /// A ballot was given up.
    case ballotLost(Epoch)
    /// A host was certified dead.
    case certified(DeathCertificate)
    /// A peer is heard no more.
    case peerUnheard(HostIndex)
    /// A peer is heard again.
    case peerHeard(HostIndex)
    /// A peer's slot stands still.
    case peerSlotStale(HostIndex)
    /// A peer's slot moves again.
    case peerSlotFresh(HostIndex)
    /// No good round for Ts.
    case storageLost
    /// Good rounds again.
    case storageBack
    /// It lives on vouches.
    case livingOnVouches
    /// It lives because all have lost their storage.
    case livingOnAllLost
    /// A hold began or ended.
    case holdChanged(Bool)
    /// The published netOK changed.
    case netOKChanged(Bool)
    /// It acts as master, or no longer.
    case mastership(Bool, Epoch)
    /// It waits to join.
    case waitingToJoin(JoinObstacle, HostSet)
    /// It is to stop itself.
    case selfFence(SelfFenceReason)
    /// The figures behind a self-fence, as announced.
    case selfFenceFigures(SelfFenceReason, Epoch, heard: HostSet, members: HostSet)
    /// Its fence loop found no lease.
    case leaseRanOut
    /// The stop of its guests is proved, or not.
    case guestsStopped(proven: Bool)
    /// The first lease of a run.
    case firstLease
    /// The watchdog was opened, or refused.
    case watchdogOpened(Bool)
    /// The watchdog was disarmed.
    case disarmed(DisarmPermit.Ground)
    /// The own file was written.
    case persisted(PersistedIncarnation, succeeded: Bool)
    /// The own slot as read does not match.
    case readBackMismatch
    /// The read-back timeout is too long.
    case watchdogRefused
    /// A master ordered a guest to this host.
    case guestOrdered(guest: Int, to: HostIndex, Epoch)
    /// A guest started here.
    case guestStarted(guest: Int)
    /// An order was refused here.
    case guestRefused(guest: Int)
    /// A ballot record landed on the disk.
    case ballotLanded(subBlock: Int, Epoch, BallotNumber, BallotNumber, decided: Epoch)
    /// A slot landed on the disk.
    case slotLanded(sequence: UInt64, HostPhase, Epoch)
    /// Chatter: a heartbeat was sent.
    case sent(sequence: UInt64, Epoch)
    /// Chatter: a heartbeat was received.
    case received(HostIndex, sequence: UInt64)
    /// Chatter: a round was handed to the storage worker.
    case roundStarted(id: UInt64, ballot: Bool)
    /// Chatter: a round ended.
    case roundEnded(id: UInt64, good: Bool)
    /// Chatter: the watchdog was fed.
    case fed(leaseLeft: TimeSpan)
}

extension Happening {
    /// As Swift prints it, without the names of modules, and a boot id by its first digits.
    var words: String {
        if case .persisted(let record, let succeeded) = self {
            let boot = String(UInt64(truncatingIfNeeded: record.boot.rawValue) % 10_000)
            return "persisted(\(record.number) \(record.mark), boot \(boot), succeeded: \(succeeded))"
        }
        var text = "\(self)"
        for module in ["PoolModel.", "LivesetEngine.", "Simulator."] {
            text = text.split(separator: module, omittingEmptySubsequences: false).joined()
        }
        return text
    }
}

/// What befell a part of the world.
public enum FaultWord: UInt8, BitwiseCopyable, Sendable {
    /// A storage path stalls: I/O hangs.
    case storageStalls
    /// A storage path answers with errors.
    case storageErrors
    /// A storage path is back.
    case storageBack
    /// All datagrams of a host are lost, and its carrier is gone.
    case networkCut
    /// Datagrams are lost, the carrier stays.
    case networkSilent
    /// The network of a host is back.
    case networkBack
    /// One direction of one link is cut.
    case linkCut
    /// One direction of one link is back.
    case linkBack
    /// Sysrq does nothing from now on.
    case sysrqBroken
    /// Sysrq works again.
    case sysrqMended
    /// The slot on disk was spoilt.
    case slotSpoilt
    /// Everything was mended.
    case healed
    /// The next write to the own file fails.
    case persistFails
    /// The watchdog device is refused.
    case watchdogFails
    /// The watchdog device takes no food, or does again.
    case feedsFail
    /// The own file cannot be read.
    case ownFileSpoilt
    /// Datagrams of one direction wait on their way.
    case linkClogged
    /// They arrive at once.
    case linkUnclogged
    /// Datagrams of one direction are damaged.
    case datagramsCorrupted
    /// Somebody sent a datagram in the name of that host.
    case datagramForged
    /// Somebody sent datagrams of that host once more.
    case datagramsReplayed
    /// The session with the storage target is lost.
    case sessionLost
    /// The next write tears.
    case writeTears
    /// The next write fails.
    case writeFails
    /// The next read fails.
    case readFails
    /// An old ballot sub-block was spoilt.
    case ballotSpoilt
}

/// Which threads of a host's daemon stand still.
public struct HostThreads: OptionSet, BitwiseCopyable, Sendable {
    /// One bit a thread.
    public let rawValue: UInt8
    /// The threads with these bits.
    public init(rawValue: UInt8) { self.rawValue = rawValue }
    /// The engine's.
    public static let engine = HostThreads(rawValue: 1)
    /// The storage worker's.
    public static let storage = HostThreads(rawValue: 2)
    /// The fence loop's.
    public static let fence = HostThreads(rawValue: 4)
    /// All: the host is stopped, its clock and its watchdog are not.
    public static let all: HostThreads = [.engine, .storage, .fence]
}

/// What happened, when and where.
public struct TraceEntry: BitwiseCopyable, Sendable, CustomStringConvertible {
    /// Since the start of the world.
    public let time: TimeSpan
    /// On which host.
    public let host: HostIndex
    /// What.
    public let what: Happening

    /// One line: `12.345 s #1 certified(...)`.
    public var description: String { "\(time) \(host) \(what.words)" }
}

/// What happened, in order: all that matters, and of chatter what settings ask for.
public struct Trace: Sendable {
    /// The entries, oldest first; the oldest half is dropped when there are too many.
    public private(set) var entries: [TraceEntry] = []
    /// The most entries that are kept.
    public static let limit = 200_000
    /// The hash of the entries that were dropped.
    private var dropped: UInt64 = 0xCBF2_9CE4_8422_2325

    /// A hash of everything that happened: two worlds with the same one went the same way.
    public var fingerprint: UInt64 { Trace.hash(entries[...], after: dropped) }

    private static func hash(_ entries: ArraySlice<TraceEntry>, after start: UInt64) -> UInt64 {
        var hash = start
        for entry in entries {
            for byte in entry.description.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
        }
        return hash
    }

    mutating func note(_ what: Happening, on host: HostIndex, at time: Int64) {
        if entries.count >= Trace.limit {
            dropped = Trace.hash(entries[..<(Trace.limit / 2)], after: dropped)
            entries.removeFirst(Trace.limit / 2)
        }
        entries.append(TraceEntry(time: TimeSpan(nanoseconds: time), host: host, what: what))
    }

    /// The last `count` entries, one a line.
    public func tail(_ count: Int = 60) -> String {
        entries.suffix(count).map(\.description).joined(separator: "\n")
    }
}
