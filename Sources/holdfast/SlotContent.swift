import AdminProtocol
import PoolModel
import StatefileMedium

/// What one host's slot says.
struct SlotContent: Encodable {
    let host: String
    /// `valid`, or why it cannot be used; then the rest is missing.
    let verdict: String
    var sequence: UInt64?
    var incarnation: UInt32?
    var boot: String?
    var phase: PhaseWord?
    var epoch: UInt64?
    var certainlyDeadSeconds: Double?
    var graceSeconds: Double?
    var watchdogSeconds: Double?
    var ballotInstance: UInt64?
    var netOK: Bool?
    var hold: Bool?
    var quarantineOver: Bool?
    var hasGuests: Bool?
    var weight: UInt16?
    var recentRemovals: UInt8?
    var selfFences: UInt8?
    var lastFence: SelfFenceWord?
    var hears: [String]?
    var vouches: [String]?
    /// Per host that left: seconds since the newest promise to it; a host without one is left out.
    var promiseAgesSeconds: [String: Double]?
    var asksOut: [String]?
    var lastWords: String?

    init(_ entry: StatefileDump.SlotEntry, names: [String]) {
        host = entry.name
        verdict = RejectionWords.of(entry.rejection)
        if let slot = entry.slot { take(slot, names) }
    }

    private mutating func take(_ slot: Slot, _ names: [String]) {
        sequence = slot.sequence
        incarnation = slot.incarnation.number.rawValue
        boot = String(slot.incarnation.boot.rawValue, radix: 16)
        phase = PhaseWord(slot.phase)
        epoch = slot.epoch.rawValue
        certainlyDeadSeconds = slot.certainlyDead.inSeconds
        graceSeconds = slot.grace.inSeconds
        watchdogSeconds = slot.watchdog.inSeconds
        ballotInstance = slot.ballotInstance == .zero ? nil : slot.ballotInstance.rawValue
        netOK = slot.netOK
        hold = slot.hold
        quarantineOver = slot.quarantineOver
        hasGuests = slot.hasGuests
        weight = slot.weight
        recentRemovals = slot.recentRemovals
        selfFences = slot.selfFences
        lastFence = slot.lastFence.map { SelfFenceWord($0) }
        let rows = names.indices.map { HostIndex($0) }
        hears = rows.filter { slot.hears[$0] != .none }.map { names[$0.row] }
        vouches = rows.filter { slot.vouches[$0] != .none }.map { names[$0.row] }
        asksOut = slot.requests.asksOut.filter { $0.row < names.count }.map { names[$0.row] }
        lastWords = slot.lastWords.text
        var ages: [String: Double] = [:]
        for row in rows {
            if let age = slot.grantAges[row].span { ages[names[row.row]] = age.inSeconds }
        }
        promiseAgesSeconds = ages
    }
}
