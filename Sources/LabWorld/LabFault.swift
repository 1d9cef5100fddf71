/// One thing that can be done to the hosts of a lab.
///
/// Hosts count from 1.
public enum LabFault: Codable, Equatable, Sendable {
    /// The plug is pulled; the hosts stay off.
    case powerOff(hosts: [Int])
    /// The plug is in again: the hosts boot.
    case powerOn(hosts: [Int])
    /// The reset button: the hosts boot anew.
    case reset(hosts: [Int])
    /// The storage cable is out (requests hang), or the path fails with EIO.
    case cutStorage(hosts: [Int], failing: Bool)
    /// Every request takes longer; with jitter they overtake each other.
    case slowStorage(hosts: [Int], milliseconds: Int, jitterMilliseconds: Int)
    /// The storage is well again; what hung lands, in order or shuffled.
    case restoreStorage(hosts: [Int], shuffled: Bool)
    /// A network cable is out: the hosts see no carrier.
    case cutNetwork(hosts: [Int], link: LabLink)
    /// A port passes nothing while its link stays up.
    case silenceNetwork(hosts: [Int], link: LabLink)
    /// All network faults that concern these hosts are mended.
    case restoreNetwork(hosts: [Int])
    /// Frames are lost by chance, each way.
    case loseFrames(hosts: [Int], link: LabLink, percent: Int)
    /// Nothing passes from one host to the other.
    case cutOneWay(from: Int, to: Int)
    /// Every process of the hosts stands still.
    case freeze(hosts: [Int])
    /// They go on.
    case thaw(hosts: [Int])
    /// One program of the hosts is killed; the hosts' first process starts it anew.
    case kill(hosts: [Int], program: String)
    /// The hosts' boot clocks run so much too fast (negative: too slow) from now on; 0 is true again.
    case driftClock(hosts: [Int], partsPerMillion: Int)
    /// Everything is mended and every host is on; clocks keep their rates, for no cable mends a clock.
    case heal

    /// What a person would say happened.
    public var sentence: String {
        func names(_ hosts: [Int]) -> String { hosts.map { "lab\($0)" }.joined(separator: ", ") }
        return switch self {
        case .powerOff(let hosts): "power plug of \(names(hosts)) pulled"
        case .powerOn(let hosts): "power plug of \(names(hosts)) put in"
        case .reset(let hosts): "reset button of \(names(hosts)) pressed"
        case .cutStorage(let hosts, let failing):
            failing
                ? "storage of \(names(hosts)) fails with errors" : "storage cable of \(names(hosts)) pulled"
        case .slowStorage(let hosts, let milliseconds, let jitter):
            "storage of \(names(hosts)) takes \(milliseconds) to \(milliseconds + jitter) ms longer"
        case .restoreStorage(let hosts, let shuffled):
            "storage cable of \(names(hosts)) plugged in" + (shuffled ? ", what hung lands shuffled" : "")
        case .cutNetwork(let hosts, let link): "network cable (\(link.rawValue)) of \(names(hosts)) pulled"
        case .silenceNetwork(let hosts, let link):
            "switch port (\(link.rawValue)) of \(names(hosts)) passes nothing, its link stays up"
        case .restoreNetwork(let hosts): "network of \(names(hosts)) plugged in"
        case .loseFrames(let hosts, let link, let percent):
            "network (\(link.rawValue)) of \(names(hosts)) loses \(percent) % of all frames each way"
        case .cutOneWay(let from, let to): "nothing passes from lab\(from) to lab\(to)"
        case .freeze(let hosts): "every process of \(names(hosts)) frozen"
        case .thaw(let hosts): "\(names(hosts)) thawed"
        case .kill(let hosts, let program): "\(program) of \(names(hosts)) killed"
        case .driftClock(let hosts, 0): "clock of \(names(hosts)) runs true"
        case .driftClock(let hosts, let rate):
            "clock of \(names(hosts)) runs \(abs(rate)) ppm too \(rate > 0 ? "fast" : "slow")"
        case .heal: "everything mended, every host on"
        }
    }
}

/// What one asks the supervisor of a lab.
public enum LabRequest: Codable, Sendable {
    /// How is everything?
    case status
    /// Do this.
    case fault(LabFault)
    /// End the lab.
    case down
}

/// What the supervisor answers.
public struct LabReply: Codable, Sendable {
    /// It was done.
    public var ok: Bool
    /// What was done, or why not.
    public var message: String
    /// CLOCK_BOOTTIME when it was done.
    public var at: Int64
    /// How everything is, where that was asked.
    public var status: LabStatus?
}

/// How a lab is.
public struct LabStatus: Codable, Sendable {
    /// The lab.
    public var id: String
    /// How hosts are fenced in.
    public var mode: LabMode
    /// The timing profile.
    public var profile: String
    /// The lab's folder.
    public var directory: String
    /// Each host.
    public var hosts: [LabHostStatus]
    /// What is wrong with the networks.
    public var networkFaults: [String]
    /// What broke in the lab itself; not empty means that its verdicts are void.
    public var broken: [String]
}

/// How one host of a lab is, as its hardware sees it.
public struct LabHostStatus: Codable, Sendable {
    /// Its name.
    public var name: String
    /// `on`, `off` or `booting`.
    public var power: String
    /// The boot id of its present or last life.
    public var boot: String
    /// How often it booted.
    public var bootCount: Int
    /// What ended its last life: `power-off`, `watchdog`, `sysrq`, ...
    public var lastEnd: String?
    /// CLOCK_BOOTTIME of that.
    public var lastEndAt: Int64?
    /// Its path to the storage: `healthy`, `stalled`, `failing`, ...
    public var storage: String
    /// It stands still.
    public var isFrozen: Bool
}

/// One line of the incidents file: what the lab did, or saw its hardware do.
public struct LabIncident: Codable, Sendable {
    /// CLOCK_BOOTTIME.
    public var at: Int64
    /// The host, empty for the whole lab.
    public var host: String
    /// `fault`, `reset`, `off`, `boot`, `watchdog`, `lab`.
    public var kind: String
    /// What happened.
    public var sentence: String

    /// An incident with these fields.
    public init(at: Int64, host: String, kind: String, sentence: String) {
        self.at = at
        self.host = host
        self.kind = kind
        self.sentence = sentence
    }
}
