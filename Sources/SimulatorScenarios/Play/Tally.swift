import LivesetEngine
public import PoolModel

/// Sums over runs: what happened how often.
public struct Tally: Sendable {
    /// How many runs.
    public private(set) var runs = 0
    /// How many of them broke a promise or an expectation.
    public private(set) var failed = 0
    /// Simulated time of pools.
    public private(set) var simulated = TimeSpan.zero
    /// Events carried out.
    public private(set) var events = 0
    /// Views decided.
    public private(set) var views: UInt64 = 0
    /// Fences by reason.
    public private(set) var fences: [FenceReason: Int] = [:]
    /// Certificates by clause.
    public private(set) var certificates: [CertificateClause: Int] = [:]
    /// Machines that were restarted after their host was lost.
    public private(set) var restarts = 0

    /// No run yet.
    public init() {}

    /// The sums of one run.
    public init(_ playback: Playback) {
        runs = 1
        failed = playback.holds ? 0 : 1
        simulated = playback.simulated
        events = playback.events
        views = playback.chronicle.epoch.rawValue
        for fence in playback.chronicle.fences { fences[fence.reason, default: 0] += 1 }
        for (_, _, certificate) in playback.chronicle.certificates {
            certificates[certificate.clause, default: 0] += 1
        }
        restarts = playback.chronicle.lost.count { $0.restart != nil }
    }

    /// Adds other runs.
    public mutating func add(_ other: Tally) {
        runs += other.runs
        failed += other.failed
        simulated = simulated + other.simulated
        events += other.events
        views += other.views
        fences.merge(other.fences, uniquingKeysWith: +)
        certificates.merge(other.certificates, uniquingKeysWith: +)
        restarts += other.restarts
    }

    /// Simulated hours of pools.
    public var poolHours: Double { simulated.inSeconds / 3600 }

    /// Fences by the words of their reasons, each reason of the protocol once.
    public var fencesInWords: [(reason: String, count: Int)] {
        Words.reason.pairs.map { ($0.phrase, fences[$0.value] ?? 0) }
    }

    /// Certificates by the words of their clauses, each clause once.
    public var certificatesInWords: [(clause: String, count: Int)] {
        Words.clause.pairs.map { ($0.phrase, certificates[$0.value] ?? 0) }
    }
}
