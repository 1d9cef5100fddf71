public import ByteFormat
internal import Glibc
import LinuxPlatform
public import PoolModel
public import StatefileMedium

/// A logical unit as a statefile's device, reached over up to four portals without the kernel's initiator.
///
/// Each portal has a session of its own, made and watched beside the others. I/O goes over one; when that
/// gives no answer for half of the time that a request has, and another is ready, the request goes over the
/// other, inside its deadline. Every request is waited for to the millisecond.
///
/// *Late writes.* A write that was given up may still be carried out: by a switch that holds its packet, or
/// by a target that stood still. Its session is closed, and the portal counts as having late writes until a
/// login there has succeeded: the target then ends the former session of that name with everything under way,
/// before it answers. While another portal does the work, the sub-block stays unusable ([VIEW-3]).
public struct ISCSIDevice: FlatStatefileDevice, ~Copyable {
    private let address: ISCSIAddress
    private let login: ISCSILogin
    private let portals: [PortalPath]
    private let polling: PollSet
    private let clock = BootClock()
    /// Who the unit is, since it was first seen.
    private var identity: UnitIdentity?
    /// The portal that I/O goes over, by its place.
    private var active: Int?
    private var isOpen = false
    private var givenUpCount: UInt64 = 0
    /// How many commands were issued for reads and writes.
    private(set) var commandCount: UInt64 = 0
    /// Whether the unit refused a write with FUA, although it says that it takes them.
    var refusesFUA = false

    /// What was found at the last opening.
    public private(set) var facts = DeviceFacts(kind: .iscsi)

    /// How long one step of making a session may take at most.
    private static let longestStep = TimeSpan.seconds(2)
    /// How long a turn waits for a session that is nearly there while another does the work.
    private static let grace = TimeSpan.milliseconds(5)
    /// The most bytes of one command where the unit names no limit.
    private static let largestTransfer = 1 << 20

    /// The unit at `address`; `patience` is how long one request usually may take.
    public init(address: ISCSIAddress, login: ISCSILogin, access: DeviceAccess, patience: TimeSpan) {
        self.address = address
        self.login = login
        let needsWrites: Bool
        switch access {
        case .read: needsWrites = false
        case .readWrite, .exclusive: needsWrites = true
        }
        portals = address.portals.map { portal in
            PortalPath(
                address: address,
                portal: portal,
                login: login,
                needsWrites: needsWrites,
                span: min(max(patience, .milliseconds(500)), ISCSIDevice.longestStep)
            )
        }
        polling = PollSet(count: portals.count)
        // libiscsi writes with writev, which raises SIGPIPE on a connection that is gone.
        BrokenPipes.ignore()
    }

    /// The address.
    public var place: String { "\(address)" }
    /// One way a portal.
    public var paths: [PathFigures] { portals.map(\.figures) }

    /// Writes that were given up.
    public var lateWrites: LateWrites {
        var late = LateWrites()
        late.givenUpCount = givenUpCount
        late.mayLand = portals.contains { $0.hasLateWrites }
        return late
    }

    /// A session under a lasting name ends the former one.
    public var endsFormerSession: Bool { login.purpose != nil }

    /// The first portal that no login of this run has taken over.
    public var wayOfFormerWrites: String? {
        guard endsFormerSession else { return nil }
        return portals.first { !$0.isTakenOver }?.figures.name
    }

    // MARK: opening

    /// Waits until I/O can go over some portal; the others go on being made.
    public mutating func open(until deadline: MonotonicInstant) throws(StatefileError) -> Bool {
        if active.map({ portals[$0].isReady }) != true, !choose(besides: nil) { isOpen = false }
        // Where every portal has failed since now, waiting on is of no use: a refusal stays one.
        for portal in portals { portal.mark() }
        polling.expectNews()
        repeat {
            turn(until: isOpen ? clock.now() : deadline)
            if choose(besides: nil) { break }
            let allFailed = portals.allSatisfy { $0.hasFailedSinceMark && !$0.isUnderWay }
            guard !allFailed, clock.now() < deadline else { throw troubleOfOpening(until: deadline) }
        } while true
        serveOthers()
        guard let active, portals[active].isReady else { throw troubleOfOpening(until: deadline) }
        guard !isOpen else { return false }
        isOpen = true
        facts.byteCount = portals[active].unit.byteCount
        facts.logicalBlockBytes = portals[active].unit.blockBytes
        return true
    }

    /// Ends all sessions.
    public mutating func close() {
        isOpen = false
        active = nil
        for portal in portals { portal.close() }
    }

    /// Sessions that are being made go on; a login that succeeds settles what its portal had under way.
    public mutating func settle(until deadline: MonotonicInstant) { serveOthers() }

    /// The trouble that says most: a refusal before a silence.
    private func troubleOfOpening(until deadline: MonotonicInstant) -> StatefileError {
        let troubles = portals.compactMap(\.trouble)
        if let refusal = troubles.first(where: { $0.sort != .unreachable }) ?? troubles.first {
            return .transport(refusal)
        }
        return .transport(silence(of: portals[0], .connecting))
    }

    private func silence(of portal: PortalPath, _ step: ISCSIStep, after span: TimeSpan = .zero) -> ISCSIError
    {
        ISCSIError(
            address: address,
            portal: portal.portal,
            initiatorName: login.initiatorName,
            cause: .timedOut(step, after: span)
        )
    }

    // MARK: the loop

    /// Serves all sockets once, waiting at most until `deadline` or the next timer.
    private mutating func turn(until deadline: MonotonicInstant) {
        var wake = deadline
        for (index, portal) in portals.enumerated() {
            portal.advance(expected: identity)
            wake = min(wake, portal.nextTimer)
            polling[index] = portal.pollEntry()
        }
        polling.wait(until: wake)
        for (index, portal) in portals.enumerated() {
            let revents = polling[index].revents
            if revents != 0 { portal.serve(revents) }
            portal.advance(expected: identity)
            if portal.isReady, identity == nil { identity = portal.unit.identity }
        }
    }

    /// Gives sessions that are nearly there the few milliseconds that they need, though nobody waits for
    /// them.
    private mutating func serveOthers() {
        turn(until: clock.now())
        var before = -1
        while portals.contains(where: \.isNearlyReady) {
            let progress = polling.eventCount
            guard progress != before else { return }
            before = progress
            turn(until: clock.now() + ISCSIDevice.grace)
        }
    }

    /// Chooses the portal for I/O: the one in use, else the first that is ready; false when none is.
    private mutating func choose(besides avoided: Int?) -> Bool {
        if let active, active != avoided, portals[active].isReady { return true }
        guard let next = portals.indices.first(where: { $0 != avoided && portals[$0].isReady }) else {
            return false
        }
        if let active { portals[active].note(isActive: false) }
        active = next
        portals[next].note(isActive: true)
        return true
    }

    private func hasOther(than index: Int) -> Bool {
        portals.indices.contains { $0 != index && portals[$0].isReady }
    }

    // MARK: I/O

    /// Reads from the unit.
    public mutating func read(
        offsetBytes: Int,
        byteCount: Int,
        into buffer: inout AlignedBuffer,
        until deadline: MonotonicInstant
    ) throws(StatefileError) {
        precondition(byteCount <= buffer.byteCount, "a read fits its buffer")
        let start = unsafe buffer.baseAddress
        // The buffer has `byteCount` bytes and lives over the call; no request outlives the call.
        try unsafe transfer(.reading, start, offsetBytes: offsetBytes, byteCount: byteCount, until: deadline)
    }

    /// Writes to the unit; on its medium when this returns.
    public mutating func write(
        _ buffer: borrowing AlignedBuffer,
        byteCount: Int,
        offsetBytes: Int,
        until deadline: MonotonicInstant
    ) throws(StatefileError) {
        precondition(byteCount <= buffer.byteCount, "a write is within its buffer")
        let start = unsafe buffer.baseAddress
        // As above; the memory is only read.
        try unsafe transfer(.writing, start, offsetBytes: offsetBytes, byteCount: byteCount, until: deadline)
    }

    /// Moves bytes between the unit and `start`, in as few commands as the unit allows.
    private mutating func transfer(
        _ step: ISCSIStep,
        _ start: UnsafeMutableRawPointer,
        offsetBytes: Int,
        byteCount: Int,
        until deadline: MonotonicInstant
    ) throws(StatefileError) {
        var done = 0
        while done < byteCount {
            let index = try ready(step, until: deadline)
            let unit = portals[index].unit
            // The unit may have become one of larger blocks since it was formatted.
            guard offsetBytes % unit.blockBytes == 0, byteCount % unit.blockBytes == 0 else {
                let blocks = ISCSIError.Cause.unusableBlocks(
                    blockBytes: unit.blockBytes,
                    blockCount: unit.blockCount
                )
                throw .transport(error(portals[index], blocks))
            }
            let limit = min(
                unit.transferLimitBytes ?? ISCSIDevice.largestTransfer,
                ISCSIDevice.largestTransfer
            )
            let count = min(byteCount - done, max(limit / unit.blockBytes, 1) * unit.blockBytes)
            let extent = BlockExtent(
                lun: Int32(address.lun),
                block: UInt64((offsetBytes + done) / unit.blockBytes),
                byteCount: UInt32(count),
                blockBytes: Int32(unit.blockBytes)
            )
            let place = unsafe start.advanced(by: done)
            if unsafe try attempt(step, extent, place, over: index, until: deadline) { done += count }
        }
    }

    /// A portal that is ready, waited for until `deadline`.
    private mutating func ready(_ step: ISCSIStep, until deadline: MonotonicInstant) throws(StatefileError)
        -> Int
    {
        while !choose(besides: nil) {
            guard clock.now() < deadline else { throw troubleOfOpening(until: deadline) }
            turn(until: deadline)
        }
        guard let active else { throw troubleOfOpening(until: deadline) }
        return active
    }

    /// One try of one command; false when it is to be tried again, over whichever portal is ready then.
    private mutating func attempt(
        _ step: ISCSIStep,
        _ extent: BlockExtent,
        _ start: UnsafeMutableRawPointer,
        over index: Int,
        until deadline: MonotonicInstant
    ) throws(StatefileError) -> Bool {
        let portal = portals[index]
        let begun = clock.now()
        guard begun < deadline else { throw .transport(silence(of: portal, step)) }
        polling.expectNews()
        commandCount += 1
        let usesFUA = portal.unit.hasFUA && !refusesFUA
        switch step {
        case .writing: unsafe portal.startWrite(extent, from: start, fua: usesFUA)
        default: unsafe portal.startRead(extent, into: start)
        }
        guard try finish(step, portal, index, since: begun, until: deadline) else { return false }
        if step == .writing, !usesFUA {
            commandCount += 1
            portal.startFlush(extent)
            guard try finish(step, portal, index, since: clock.now(), until: deadline) else { return false }
        }
        portal.noteDone(since: begun)
        return true
    }

    /// Waits for the request under way on `portal`; false when it is to be tried again.
    private mutating func finish(
        _ step: ISCSIStep,
        _ portal: PortalPath,
        _ index: Int,
        since begun: MonotonicInstant,
        until deadline: MonotonicInstant
    ) throws(StatefileError) -> Bool {
        let patience = begun + (deadline - begun) / 2
        while portal.isBusy {
            let now = clock.now()
            if now >= deadline {
                giveUp(portal, step, .timedOut(step, after: now - begun))
                throw .transport(silence(of: portal, step, after: now - begun))
            }
            if now >= patience, hasOther(than: index) {
                giveUp(portal, step, .timedOut(step, after: now - begun))
                return false
            }
            turn(until: now < patience ? patience : deadline)
        }
        switch portal.takeEnd() {
        case .good: return true
        case .check(let sense): return try judge(sense, step, portal)
        case .reserved: throw .transport(error(portal, .reserved))
        case .idle, .waiting, .broken:
            giveUp(portal, step, .broken(step, words: portal.words))
            return false
        }
    }

    /// What an answer with sense data means; false when the request is to be tried again.
    private mutating func judge(
        _ sense: SenseData,
        _ step: ISCSIStep,
        _ portal: PortalPath
    ) throws(StatefileError) -> Bool {
        let cause = ISCSIError.Cause.check(step, ISCSIError.SenseText(sense))
        switch sense.verdict {
        case .again:
            return false
        case .anew, .path, .noUnit:
            // The unit answered that it did not do it: nothing is under way.
            portal.giveUp(sense.verdict == .noUnit ? .noUnit : cause)
            return false
        case .unsupported:
            guard step == .writing, !refusesFUA else { throw .transport(error(portal, cause)) }
            refusesFUA = true
            return false
        case .writeProtected: throw .transport(error(portal, .writeProtected))
        case .failed: throw .transport(error(portal, cause))
        }
    }

    /// Closes a session under which a request has no answer.
    private mutating func giveUp(_ portal: PortalPath, _ step: ISCSIStep, _ cause: ISCSIError.Cause) {
        let isWrite = step == .writing
        if isWrite { givenUpCount += 1 }
        portal.giveUp(cause, lateWrite: isWrite)
    }

    private func error(_ portal: PortalPath, _ cause: ISCSIError.Cause) -> ISCSIError {
        ISCSIError(address: address, portal: portal.portal, initiatorName: login.initiatorName, cause: cause)
    }
}
