import PoolModel

/// What the gate remembers of one peer: the highest incarnation number, and up to four daemon runs of it.
///
/// A run of a number cannot be told from an older one by its nonce, which is random. It can by what it
/// echoes: a heartbeat that echoes *this* daemon's nonce was made while this daemon ran, and a newer run
/// echoes newer sequences. So, for one number:
///
/// - a run is *provisional* until one of its heartbeats echoes this daemon's nonce, then *confirmed*;
/// - while no run is confirmed every run is let through, each with its own window. (This daemon has just
///   started, and so perhaps has the peer; refusing here would let two restarted daemons wait for each
///   other's echo for ever.)
/// - once one is confirmed, all others are *retired*, and an unknown run replaces it only with an echo at
///   least as new as the newest echo of the run that it replaces.
///
/// How an attacker fares who replays what host B sent before B's daemon restarted, run X before run Y: when
/// this daemon saw X replaced, X is retired. When four more runs have pushed X out of the table, X is unknown
/// and its echoes are older than Y's. When this daemon started after X ended, X's heartbeats hold no echo of
/// its nonce, and are let through only until Y's first heartbeat with an echo, one interval later. In no case
/// can X keep Y out.
struct PeerRuns: BitwiseCopyable, Sendable {
    /// What became of one heartbeat.
    enum Judgement: BitwiseCopyable, Equatable, Sendable {
        case fresh
        case duplicate
        case rejected(RejectionCause)
    }

    private enum Standing: UInt8, BitwiseCopyable, Sendable { case unused, provisional, confirmed, retired }

    private struct Run: BitwiseCopyable, Sendable {
        var standing = Standing.unused
        var nonce = RunNonce.none
        /// The highest sequence let through; bit k of `recent` stands for `highest - k`.
        var highest: UInt64 = 0
        var recent: UInt64 = 0
        /// The newest sequence of this daemon that the run echoed.
        var newestEcho: UInt64 = 0
        /// Grows with each run that comes into the table.
        var order: UInt64 = 0
    }

    private var number = IncarnationNumber.none
    private var runs = InlineArray<4, Run>(repeating: Run())
    private var arrivals: UInt64 = 0

    /// Judges an authentic heartbeat, and remembers it when it is fresh.
    ///
    /// `echo` is the sequence of this daemon run that it echoes; nil when it echoes none.
    mutating func judge(_ incarnation: Incarnation, sequence: UInt64, echo: UInt64?) -> Judgement {
        if incarnation.number < number { return .rejected(.lowerIncarnation) }
        if incarnation.number > number {
            number = incarnation.number
            runs = InlineArray(repeating: Run())
        }
        for index in 0..<4 where runs[index].standing != .unused && runs[index].nonce == incarnation.nonce {
            return judgeKnown(index, sequence: sequence, echo: echo)
        }
        for index in 0..<4 where runs[index].standing == .confirmed {
            guard let echo, echo >= runs[index].newestEcho else { return .rejected(.unconfirmedRun) }
        }
        let index = place()
        arrivals += 1
        runs[index] = Run()
        runs[index].standing = .provisional
        runs[index].nonce = incarnation.nonce
        runs[index].order = arrivals
        runs[index].highest = sequence
        runs[index].recent = 1
        confirm(index, echo: echo)
        return .fresh
    }

    private mutating func judgeKnown(_ index: Int, sequence: UInt64, echo: UInt64?) -> Judgement {
        if runs[index].standing == .retired { return .rejected(.formerRun) }
        let highest = runs[index].highest
        if sequence > highest {
            let step = sequence - highest
            runs[index].recent = step < 64 ? runs[index].recent << step | 1 : 1
            runs[index].highest = sequence
            confirm(index, echo: echo)
            return .fresh
        }
        let age = highest - sequence
        if age >= 64 { return .rejected(.replayed) }
        if runs[index].recent & 1 << age != 0 { return .duplicate }
        runs[index].recent |= 1 << age
        return .rejected(.overtaken)
    }

    private mutating func confirm(_ index: Int, echo: UInt64?) {
        guard let echo else { return }
        for other in 0..<4 where other != index && runs[other].standing != .unused {
            runs[other].standing = .retired
        }
        runs[index].standing = .confirmed
        runs[index].newestEcho = max(runs[index].newestEcho, echo)
    }

    /// Where a new run goes.
    ///
    /// An unused place, else the longest retired run's, else the longest provisional run's. There is always
    /// one, for at most one run is confirmed.
    private func place() -> Int {
        var best = 0
        var bestRank = UInt64.max
        for index in 0..<4 {
            let rank: UInt64
            switch runs[index].standing {
            case .unused: rank = 0
            case .retired: rank = runs[index].order
            case .provisional: rank = (1 << 62) + runs[index].order
            case .confirmed: rank = .max
            }
            if rank < bestRank { (best, bestRank) = (index, rank) }
        }
        return best
    }
}
