public import AdminProtocol

/// What the daemon of this host says of the pool at one moment: the only source of who is alive.
///
/// It may be old by the time it is used. That is safe for everything built on it: a certificate stays true
/// for ever, and an order carries its epoch, which the daemon of the host that starts the machine checks once
/// more ([ACT-1]).
public struct LivesetSnapshot: Hashable, Sendable {
    /// The names of the hosts, by row.
    public var hosts: [String]
    /// The row of this host.
    public var own: Int
    /// The kernel boot of this host.
    public var boot: String
    /// The incarnation number that this daemon run works under, admitted or not.
    public var ownNumber: UInt32
    /// This host adopted a view that includes it, and has not left since.
    public var isMember: Bool
    /// What this host is doing, for people.
    public var phase: String
    /// What the pool as a whole does.
    public var poolState: PoolStateWord
    /// The adopted view.
    public var epoch: UInt64
    /// The members of the adopted view, with the incarnation number that it admits of each.
    public var members: [Int: UInt32]
    /// Members and removed hosts that are not certified dead ([SAFE-1]).
    public var liveset: Set<Int>
    /// Members whose slot changes: the only targets for restarts ([FAULT-4]).
    public var storageLive: Set<Int>
    /// The master of the adopted view.
    public var master: Int?
    /// The incarnation number of that master.
    public var masterNumber: UInt32
    /// This host acts as master ([VIEW-6]).
    public var isActingMaster: Bool
    /// Certificates that this host issued: one a host, the newest.
    public var certificates: [DeathProof]
    /// This host is stopping itself: no guest may run on.
    public var isFencing: Bool

    /// The snapshot of a host that knows of nobody yet.
    public init(hosts: [String], own: Int, boot: String) {
        self.hosts = hosts
        self.own = own
        self.boot = boot
        (ownNumber, isMember, phase) = (0, false, "joining")
        (poolState, epoch) = (.enabling, 0)
        (members, liveset, storageLive) = ([:], [], [])
        (master, masterNumber, isActingMaster) = (nil, 0, false)
        (certificates, isFencing) = ([], false)
    }

    /// The name of a host; its row where the table has no such row.
    public func name(_ row: Int) -> String { hosts.indices.contains(row) ? hosts[row] : "host #\(row)" }

    /// The certificate for a life of `host`, if this host issued one for it or a later one.
    func certificate(for host: Int, number: UInt32) -> DeathProof? {
        certificates.first { $0.host == host && $0.number >= number }
    }
}

extension LivesetSnapshot {
    /// The snapshot that the daemon's reply describes.
    public init(_ report: LivesetReport) {
        self.init(hosts: report.hosts, own: report.own, boot: report.incarnation.boot)
        ownNumber = report.incarnation.number
        isMember =
            (report.phase == .member || report.phase == .leaving) && report.members.contains(report.own)
        phase = report.phase.rawValue
        poolState = report.poolState
        epoch = report.epoch
        members = report.memberNumbers
        liveset = Set(report.liveset)
        storageLive = Set(report.storageLive)
        master = report.master
        masterNumber = report.masterIncarnation ?? 0
        isActingMaster = report.isActingMaster
        isFencing = report.isFencing
        certificates = report.certificates.map { certificate in
            var proof = DeathProof(
                host: certificate.index,
                hostName: certificate.host,
                number: certificate.number,
                clause: DeathProof.Clause(certificate.clause),
                by: report.hosts[report.own]
            )
            proof.issuedAtNanoseconds = certificate.issuedAtNanoseconds
            proof.evidenceFromNanoseconds = certificate.evidenceFromNanoseconds
            proof.boundMilliseconds = certificate.boundMilliseconds
            proof.removedIn = certificate.removedIn
            return proof
        }
    }
}

extension DeathProof.Clause {
    /// The clause that the word on the wire names.
    init(_ word: CertificateWord) {
        switch word {
        case .leaseExpiry: self = .leaseExpiry
        case .tombstone: self = .tombstone
        case .newBoot: self = .newBoot
        case .confirmedOff: self = .confirmedOff
        case .operatorConfirmed: self = .operatorConfirmed
        case .carriedByView: self = .carriedByView
        }
    }
}
