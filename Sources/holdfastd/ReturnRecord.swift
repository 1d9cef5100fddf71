import PoolModel

/// How one life of this host ended, when it did not end cleanly.
struct UncleanEnd: Equatable, Sendable {
    /// The incarnation number of that life.
    var number: IncarnationNumber
    /// Seconds since 1970 by the wall clock, when it was noted.
    var wallSeconds: Int64
    /// It fenced itself; otherwise it was reset, lost power or was removed while it was down.
    var didFenceItself: Bool
}

/// What a host remembers of its own returns, over boots: the counters of [FAULT-7] and [FAULT-8].
///
/// One entry a life, so that a host that was removed and fenced itself for it counts once.
struct ReturnRecord: Equatable, Sendable {
    /// The last unclean ends, oldest first.
    private(set) var ends: [UncleanEnd] = []
    /// How many of the ends, counted from the newest, were self-fences without a stable hour between.
    private(set) var selfFencesInRow = 0
    /// Since when this host stays out, and why.
    var heldOut: HeldOut?

    /// A hold-out that is in force.
    struct HeldOut: Equatable, Sendable {
        var isBootLoop: Bool
        var sinceWallSeconds: Int64
    }

    /// The most ends that are kept; more than any limit.
    static let limit = 128

    /// Nothing happened yet.
    init() {}

    /// A life fenced itself; also turns a mere unclean end of the same life into a self-fence.
    mutating func noteSelfFence(_ number: IncarnationNumber, at wallSeconds: Int64) {
        if let index = ends.lastIndex(where: { $0.number == number }) {
            guard !ends[index].didFenceItself else { return }
            ends[index].didFenceItself = true
        } else {
            append(UncleanEnd(number: number, wallSeconds: wallSeconds, didFenceItself: true))
        }
        selfFencesInRow += 1
    }

    /// A start found that a former life ended without a tombstone.
    mutating func noteUncleanEnd(_ number: IncarnationNumber, at wallSeconds: Int64) {
        guard !ends.contains(where: { $0.number == number }) else { return }
        append(UncleanEnd(number: number, wallSeconds: wallSeconds, didFenceItself: false))
    }

    /// This host was a member for an hour without a break.
    mutating func noteStableHour() { selfFencesInRow = 0 }

    /// The operator found the cause.
    mutating func clear() { self = ReturnRecord() }

    private mutating func append(_ end: UncleanEnd) {
        ends.append(end)
        if ends.count > ReturnRecord.limit { ends.removeFirst(ends.count - ReturnRecord.limit) }
    }
}

extension ReturnRecord {
    /// What the file `returns` in the state directory says it is.
    static let kind = "holdfast-returns 1"

    /// The file's pairs: `row = 2`, `held-out = boot-loop 1769860800`, `ends = 7:1769860700:fenced
    /// 8:1769860790:unclean`.
    var pairs: [(key: String, value: String)] {
        let list = ends.map { "\($0.number):\($0.wallSeconds):\($0.didFenceItself ? "fenced" : "unclean")" }
        var pairs = [
            (key: "row", value: "\(selfFencesInRow)"), (key: "ends", value: list.joined(separator: " ")),
        ]
        if let heldOut {
            let why = heldOut.isBootLoop ? "boot-loop" : "flapping"
            pairs.append((key: "held-out", value: "\(why) \(heldOut.sinceWallSeconds)"))
        }
        return pairs
    }

    /// Reads the file's pairs; nil when they have no meaning.
    init?(pairs: [String: String]) {
        self.init()
        guard let row = pairs["row"].flatMap({ Int($0) }), (0...1000).contains(row) else { return nil }
        selfFencesInRow = row
        for word in (pairs["ends"] ?? "").split(separator: " ") {
            guard let end = UncleanEnd(word) else { return nil }
            append(end)
        }
        if let text = pairs["held-out"] {
            let words = text.split(separator: " ")
            guard words.count == 2, let since = Int64(words[1]) else { return nil }
            guard words[0] == "boot-loop" || words[0] == "flapping" else { return nil }
            heldOut = HeldOut(isBootLoop: words[0] == "boot-loop", sinceWallSeconds: since)
        }
    }
}

extension UncleanEnd {
    /// Reads `7:1769860700:fenced`.
    fileprivate init?(_ word: Substring) {
        let parts = word.split(separator: ":")
        guard parts.count == 3, let number = UInt32(parts[0]), let at = Int64(parts[1]) else { return nil }
        guard parts[2] == "fenced" || parts[2] == "unclean" else { return nil }
        self.init(
            number: IncarnationNumber(number),
            wallSeconds: at,
            didFenceItself: parts[2] == "fenced"
        )
    }
}
