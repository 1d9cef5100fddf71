public import PoolModel

/// How long requests of one kind took, shortest first.
public struct RoundLatency: Sendable, Equatable {
    /// The times.
    public let times: [TimeSpan]

    /// The figures of these times, in any order.
    public init(_ times: [TimeSpan]) { self.times = times.sorted() }

    /// The time below which this share lies: 0.5 for the median, 1 for the longest.
    public func quantile(_ share: Double) -> TimeSpan {
        guard !times.isEmpty else { return .zero }
        let place = Int((Double(times.count) * share).rounded(.up)) - 1
        return times[min(max(place, 0), times.count - 1)]
    }

    /// One column of a histogram.
    public struct Column: Sendable, Equatable {
        /// No time in it is longer.
        public let upTo: TimeSpan
        /// How many are in it.
        public let count: Int
    }

    /// The times by powers of two of 0.1 ms, from the first column that holds any to the last.
    public var histogram: [Column] {
        var columns: [Column] = []
        var bound = TimeSpan(nanoseconds: 100_000)
        var rest = times[...]
        while !rest.isEmpty {
            let inside = rest.prefix { $0 <= bound }.count
            if inside > 0 || !columns.isEmpty { columns.append(Column(upTo: bound, count: inside)) }
            rest = rest.dropFirst(inside)
            bound = bound * 2
        }
        return columns
    }
}

/// The fastest profile that an array's answers allow.
public enum SafeProfile: Sendable, Equatable {
    /// This one, and every slower one.
    case profile(TimingChoice)
    /// None: one request took longer than the slowest profile bears.
    case none

    /// How many times longer than the longest that was seen a request may take before a round fails.
    ///
    /// What was measured in some quiet seconds is not the worst that an array ever does.
    public static let margin = 4

    /// The verdict for requests that took `longest` at most.
    public init(longest: TimeSpan) {
        for choice in [TimingChoice.fast, .standard, .conservative]
        where longest * SafeProfile.margin <= Timing(choice).ioDeadline {
            self = .profile(choice)
            return
        }
        self = .none
    }
}
