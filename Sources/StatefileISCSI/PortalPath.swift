internal import Glibc
import LinuxPlatform
import PoolModel
import StatefileMedium

/// One portal of the target, with the session over it: made, checked, watched, given up, and made again.
///
/// A state machine that its device drives: `advance` never waits. It goes on at each turn of the device's
/// loop, so that a portal that is dead costs the others nothing.
final class PortalPath {
    /// How far the session is.
    private enum Step {
        case none
        case connecting
        case loggingIn
        case testing(triesLeft: Int)
        case inquiring
        case readingSerial
        case readingNames
        case readingCapacity
        case readingModes
        case readingLimits
        case ready
    }

    let portal: SocketAddress
    let figures: PathFigures
    private let address: ISCSIAddress
    private let login: ISCSILogin
    private let needsWrites: Bool
    private let clock = BootClock()
    /// How long each step of making a session may take.
    private let span: TimeSpan

    private var step = Step.none
    private var stepDeadline = MonotonicInstant(nanoseconds: 0)
    private var retryAt = MonotonicInstant(nanoseconds: 0)
    private var probedAt = MonotonicInstant(nanoseconds: 0)
    private var connection: ISCSIConnection?
    /// What the unit said over this portal, while its session is made and after.
    private(set) var unit = UnitFacts()
    /// What went wrong last; nil while the session is well.
    private(set) var trouble: ISCSIError?
    /// How often the session failed, or could not be made.
    private var failureCount = 0
    private var markedFailureCount = 0
    /// Whether a login succeeded in this run, and ended what former runs had under way here.
    private(set) var isTakenOver = false
    /// Whether a write of this run was given up here, and no login has succeeded since.
    private(set) var hasLateWrites = false

    /// A failed session is made again after so long.
    private static let pause = TimeSpan.milliseconds(200)
    /// A unit that is not the right one is asked again after so long.
    private static let longPause = TimeSpan.seconds(5)
    /// A standby is looked at so often.
    private static let probeInterval = TimeSpan.seconds(1)
    private static let testLimit = 8

    init(address: ISCSIAddress, portal: SocketAddress, login: ISCSILogin, needsWrites: Bool, span: TimeSpan) {
        self.address = address
        self.portal = portal
        self.login = login
        self.needsWrites = needsWrites
        self.span = span
        figures = PathFigures(name: "\(portal)")
    }

    /// Whether I/O can go over it.
    var isReady: Bool { if case .ready = step { true } else { false } }

    /// Whether its session is being made and the target has answered so far, so that the next answer is near.
    var isNearlyReady: Bool {
        switch step {
        case .none, .connecting, .ready: false
        case .loggingIn, .testing, .inquiring, .readingSerial, .readingNames, .readingCapacity, .readingModes,
            .readingLimits:
            true
        }
    }

    /// Whether a session is being made.
    var isUnderWay: Bool { connection != nil && !isReady }

    /// When something is to be done here though nothing arrives.
    var nextTimer: MonotonicInstant {
        switch step {
        case .none: retryAt
        case .ready:
            connection?.probe.isBusy == true && connection?.call.isBusy == false
                ? stepDeadline : .distantFuture
        case .connecting, .loggingIn, .testing, .inquiring, .readingSerial, .readingNames, .readingCapacity,
            .readingModes, .readingLimits:
            stepDeadline
        }
    }

    /// Failures from now on are counted for `hasFailedSinceMark`.
    func mark() { markedFailureCount = failureCount }

    /// Whether the session failed, or could not be made, since `mark`.
    var hasFailedSinceMark: Bool { failureCount != markedFailureCount }

    /// What the device polls for.
    func pollEntry() -> pollfd {
        switch connection {
        case .some(let connection): connection.pollEntry()
        case nil: pollfd(fd: -1, events: 0, revents: 0)
        }
    }

    /// Something happened on the socket.
    func serve(_ revents: Int16) {
        guard let isWell = connection?.serve(revents), !isWell else { return }
        // What was answered before the connection ended still counts, and is taken first.
        isBroken = true
    }

    /// The connection has ended; whoever waits for a request gives the session up, else `advance` does.
    private(set) var isBroken = false

    /// The library's words for what failed last.
    var words: String {
        switch connection {
        case .some(let connection): connection.lastWords()
        case nil: "closed"
        }
    }

    // MARK: making a session

    /// Goes on as far as it can without waiting.
    ///
    /// `expected` is who the unit has to be; nil before that is known.
    func advance(expected: UnitIdentity?) {
        let now = clock.now()
        switch step {
        case .none:
            if now >= retryAt { begin(now) }
        case .ready:
            watch(now)
        case .connecting, .loggingIn, .testing, .inquiring, .readingSerial, .readingNames, .readingCapacity,
            .readingModes, .readingLimits:
            while let end = connection?.call.takeEnd(), end != .waiting, !isReady {
                guard take(end, expected) else { return }
            }
            guard !isReady else { return }
            if isBroken { return failStep() }
            if now >= stepDeadline { giveUp(.timedOut(stage, after: span)) }
        }
    }

    private var stage: ISCSIStep {
        switch step {
        case .none, .connecting: .connecting
        case .loggingIn: .loggingIn
        case .testing, .inquiring, .readingSerial, .readingNames, .readingCapacity, .readingModes,
            .readingLimits,
            .ready:
            .asking
        }
    }

    private func begin(_ now: MonotonicInstant) {
        let session = login.sessionID(portal: portal)
        guard let made = ISCSIConnection(login, target: address.target, session: session) else {
            return giveUp(.noMemory)
        }
        unit = UnitFacts()
        isBroken = false
        connection = consume made
        figures.note(.connecting, at: now)
        enter(.connecting)
    }

    /// The request of a step, begun.
    private func enter(_ next: Step) {
        step = next
        stepDeadline = clock.now() + span
        let lun = Int32(address.lun)
        switch next {
        case .none: break
        case .connecting: connection?.startConnecting(to: portal)
        case .loggingIn: connection?.startLogin()
        case .testing: if let call = connection?.call { connection?.startTest(lun: lun, call) }
        case .inquiring: connection?.startInquiry(lun: lun, page: nil)
        case .readingSerial: connection?.startInquiry(lun: lun, page: 0x80)
        case .readingNames: connection?.startInquiry(lun: lun, page: 0x83)
        case .readingCapacity: connection?.startCapacity(lun: lun)
        case .readingModes: connection?.startModes(lun: lun)
        case .readingLimits: connection?.startInquiry(lun: lun, page: 0xB0)
        case .ready:
            trouble = nil
            probedAt = clock.now()
            figures.note(.standby, at: probedAt)
        }
    }

    /// One step has ended; false when the session was given up.
    private func take(_ end: ISCSICall.End, _ expected: UnitIdentity?) -> Bool {
        switch (step, end) {
        case (.connecting, .good): enter(.loggingIn)
        case (.loggingIn, .good):
            // The former session of this name is ended, with everything that it had under way.
            isTakenOver = true
            hasLateWrites = false
            enter(.testing(triesLeft: PortalPath.testLimit))
        case (.testing, .good): enter(.inquiring)
        case (.testing(let tries), .check(let sense))
        where tries > 0 && [.again, .anew].contains(sense.verdict):
            // What happened before this session, told once for each event.
            enter(.testing(triesLeft: tries - 1))
        case (.inquiring, .good):
            guard acceptsType() else { return false }
            enter(.readingSerial)
        case (.readingSerial, .good):
            unit.identity.takeSerial(answer)
            enter(.readingNames)
        case (.readingNames, .good):
            unit.identity.takeDesignators(answer)
            enter(.readingCapacity)
        // Pages that a unit need not have.
        case (.readingSerial, .check): enter(.readingNames)
        case (.readingNames, .check): enter(.readingCapacity)
        case (.readingCapacity, .good):
            _ = unit.takeCapacity(answer)
            enter(.readingModes)
        case (.readingModes, .good):
            unit.takeModes(answer)
            enter(.readingLimits)
        case (.readingModes, .check): enter(.readingLimits)
        case (.readingLimits, .good), (.readingLimits, .check):
            if end == .good { unit.takeLimits(answer) }
            return conclude(expected)
        default:
            failStep(end)
            return false
        }
        return true
    }

    private var answer: [UInt8] { connection?.call.answer ?? [] }

    /// INQUIRY, standard data: the device type, and whether there is a unit at all.
    private func acceptsType() -> Bool {
        let first = answer.first ?? 0x7F
        guard first & 0xE0 == 0, first != 0x7F else {
            giveUp(.noUnit, pause: PortalPath.longPause)
            return false
        }
        guard first & 0x1F == 0 else {
            giveUp(.notADisk(type: first & 0x1F), pause: PortalPath.longPause)
            return false
        }
        return true
    }

    /// The unit has told everything: whether it can be used.
    private func conclude(_ expected: UnitIdentity?) -> Bool {
        guard unit.blockBytes == 512 || unit.blockBytes == 4096, unit.byteCount > 0 else {
            giveUp(
                .unusableBlocks(blockBytes: unit.blockBytes, blockCount: unit.blockCount),
                pause: PortalPath.longPause
            )
            return false
        }
        if let expected, expected != unit.identity {
            giveUp(
                .otherUnit(expected: "\(expected)", found: "\(unit.identity)"),
                pause: PortalPath.longPause
            )
            return false
        }
        if needsWrites, unit.isWriteProtected {
            giveUp(.writeProtected, pause: PortalPath.longPause)
            return false
        }
        enter(.ready)
        return true
    }

    private func failStep(_ end: ISCSICall.End = .broken) {
        switch (step, end) {
        case (.loggingIn, _):
            if let place = connection?.redirection() { return giveUp(.redirected(to: place)) }
            let cause = ISCSIError.loginCause(words: words)
            giveUp(cause, pause: PortalPath.pause)
        case (_, .check(let sense)) where sense.verdict == .noUnit:
            giveUp(.noUnit, pause: PortalPath.longPause)
        case (_, .check(let sense)): giveUp(.check(stage, ISCSIError.SenseText(sense)))
        case (_, .reserved): giveUp(.reserved)
        default: giveUp(.broken(stage, words: words))
        }
    }

    // MARK: a session that is there

    /// Looks now and then whether a session that nobody uses is still well.
    private func watch(_ now: MonotonicInstant) {
        guard let probe = connection?.probe else { return }
        if isBroken {
            if connection?.call.isIdle == true { giveUp(.broken(.asking, words: words)) }
            return
        }
        switch probe.takeEnd() {
        case .idle:
            guard now >= probedAt + PortalPath.probeInterval, connection?.call.isBusy == false else { return }
            probedAt = now
            stepDeadline = now + span
            connection?.startTest(lun: Int32(address.lun), probe)
        case .waiting:
            if now >= stepDeadline, connection?.call.isBusy == false {
                giveUp(.timedOut(.asking, after: span))
            }
        case .good:
            figures.note(latency: now - probedAt)
        case .check(let sense):
            switch sense.verdict {
            case .again: break
            case .anew, .unsupported, .path, .noUnit, .writeProtected, .failed:
                giveUp(.check(.asking, ISCSIError.SenseText(sense)))
            }
        case .reserved: giveUp(.reserved)
        case .broken: giveUp(.broken(.asking, words: words))
        }
    }

    // MARK: I/O

    /// Whether a request is under way that may still be answered.
    var isBusy: Bool { connection?.call.isBusy == true && !isBroken }

    /// How the request ended; once.
    func takeEnd() -> ISCSICall.End { connection?.call.takeEnd() ?? .broken }

    /// Begins a read to memory that stays valid until it has ended, or the session is given up.
    func startRead(_ extent: BlockExtent, into start: UnsafeMutableRawPointer) {
        unsafe connection?.startRead(extent, into: start)
    }

    /// Begins a write from such memory.
    func startWrite(_ extent: BlockExtent, from start: UnsafeMutableRawPointer, fua: Bool) {
        unsafe connection?.startWrite(extent, from: start, fua: fua)
    }

    /// Begins to force blocks to the medium.
    func startFlush(_ extent: BlockExtent) { connection?.startFlush(extent) }

    /// I/O goes over it from now on, or no longer.
    func note(isActive: Bool) {
        guard isReady else { return }
        let now = clock.now()
        figures.note(isActive ? .active : .standby, at: now)
    }

    /// An I/O took from `start` until now: that says as much as a probe.
    func noteDone(since start: MonotonicInstant) {
        let now = clock.now()
        figures.note(latency: now - start)
        probedAt = now
    }

    /// Ends the session, which is made anew after a pause; `lateWrite` where a write was under way in it.
    func giveUp(_ cause: ISCSIError.Cause, lateWrite: Bool = false, pause: TimeSpan = PortalPath.pause) {
        let now = clock.now()
        trouble = ISCSIError(
            address: address,
            portal: portal,
            initiatorName: login.initiatorName,
            cause: cause
        )
        failureCount += 1
        if lateWrite { hasLateWrites = true }
        step = .none
        retryAt = now + pause
        connection = nil
        figures.note(.failed, at: now)
    }

    /// Ends the session without anything having gone wrong.
    func close() {
        step = .none
        retryAt = clock.now()
        connection = nil
    }
}
