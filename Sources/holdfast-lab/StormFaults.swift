internal import LabPlatform
internal import LabWorld

/// A small generator with a seed, so that a storm can be played again: SplitMix64 (Steele, Lea, Flood 2014).
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

/// One blow of a storm: one fault or two at once, and how long they last until everything is mended.
struct Blow {
    var faults: [LabFault]
    var seconds: Double

    /// The hosts whose life may end by this, at most one of them by fencing; nil where two faults meet and
    /// nothing is promised but that no machine runs twice ([LIVE-2]).
    func mayEnd(hostCount: Int) -> Set<Int>? {
        guard faults.count == 1, let fault = faults.first else { return nil }
        switch fault {
        case .powerOff(let hosts), .reset(let hosts), .freeze(let hosts): return Set(hosts)
        case .cutStorage(let hosts, _), .slowStorage(let hosts, _, _):
            // The whole array stops nobody; with three hosts not even one lost path does, but it may cost the
            // lease.
            return hosts.count == hostCount ? [] : Set(hosts)
        case .cutNetwork(let hosts, _), .silenceNetwork(let hosts, _):
            return hosts.count == hostCount ? [] : Set(hosts)
        case .loseFrames(let hosts, _, _): return Set(hosts)
        case .cutOneWay(let from, let to): return [from, to]
        case .kill, .thaw, .heal, .powerOn, .restoreStorage, .restoreNetwork, .driftClock: return []
        }
    }

    var sentence: String {
        faults.map(\.sentence).joined(separator: "; ") + ", for \(Timeline.short(seconds))"
    }
}

/// Draws blows by chance.
struct StormFaults {
    private var random: SeededGenerator
    private let plan: LabPlan

    init(seed: UInt64, plan: LabPlan) {
        random = SeededGenerator(seed: seed)
        self.plan = plan
    }

    /// How much the clock of each host is off during the whole storm.
    mutating func clockRates() -> [LabFault] {
        let most = HostClock.mostPartsPerMillion
        return all.map {
            .driftClock(hosts: [$0], partsPerMillion: Int.random(in: -most...most, using: &random))
        }
    }

    /// The next blow: mostly one fault, sometimes two.
    mutating func next() -> Blow {
        var faults = [fault()]
        if Int.random(in: 0..<8, using: &random) == 0 { faults.append(fault()) }
        // Short ones heal before anyone decides, long ones after everyone did.
        let seconds = Double(Int.random(in: 3...180, using: &random)) / 10
        return Blow(faults: faults, seconds: seconds)
    }

    private mutating func host() -> Int { Int.random(in: 1...plan.hostCount, using: &random) }

    private var all: [Int] { Array(1...plan.hostCount) }

    private mutating func fault() -> LabFault {
        switch Int.random(in: 0..<20, using: &random) {
        case 0, 1, 2: return .powerOff(hosts: [host()])
        case 3: return .reset(hosts: [host()])
        case 4, 5: return .cutStorage(hosts: [host()], failing: false)
        case 6: return .cutStorage(hosts: [host()], failing: true)
        case 7: return .cutStorage(hosts: all, failing: Bool.random(using: &random))
        case 8:
            return .slowStorage(
                hosts: [host()],
                milliseconds: Int.random(in: 50...900, using: &random),
                jitterMilliseconds: 400
            )
        case 9, 10: return plan.mode == .netns ? .cutNetwork(hosts: [host()], link: .mgmt) : silence([host()])
        case 11: return silence([host()])
        case 12: return plan.mode == .netns ? .cutNetwork(hosts: all, link: .mgmt) : silence(all)
        case 13:
            return .loseFrames(hosts: [host()], link: .mgmt, percent: Int.random(in: 10...80, using: &random))
        case 14: return oneWay()
        case 15, 16: return .freeze(hosts: [host()])
        case 17: return .kill(hosts: [host()], program: "holdfastd")
        case 18: return .kill(hosts: [host()], program: "holdfast-manager")
        default: return .powerOff(hosts: two())
        }
    }

    private func silence(_ hosts: [Int]) -> LabFault { .silenceNetwork(hosts: hosts, link: .mgmt) }

    private mutating func oneWay() -> LabFault {
        let pair = two()
        return Bool.random(using: &random)
            ? .cutOneWay(from: pair[0], to: pair[1]) : .cutOneWay(from: pair[1], to: pair[0])
    }

    private mutating func two() -> [Int] { Array(all.shuffled(using: &random).prefix(2)).sorted() }
}
