/// Whether a path below the statefile may execute a slot write more than once.
public enum WriteRepeats: UInt8, Hashable, Sendable, CaseIterable {
    /// Each write lands at most once.
    case never
    /// Each write may land a second time, at any later moment.
    case once
    /// A write may land again and again.
    case always
}

/// A deliberate mistake in the core, to show that the search finds it (model-check.md (c)).
public struct CoreSlips: OptionSet, Hashable, Sendable {
    /// The bits.
    public let rawValue: UInt16

    /// The slips with these bits.
    public init(rawValue: UInt16) { self.rawValue = rawValue }

    /// The victim dates a grant by when it arrives, not by when it sent what the grant echoes ([TIME-2]).
    public static let grantDatedAtReceipt = CoreSlips(rawValue: 1 << 0)
    /// A grant is dated by when the voucher composed it.
    public static let grantDatedWhenSent = CoreSlips(rawValue: 1 << 1)
    /// A certificate counts a read by its completion, not by its issue ([DEAD-1]).
    public static let readIssuedEarlier = CoreSlips(rawValue: 1 << 2)
    /// The literal E of the first draft: the certifier's own sight of the victim's slot and nothing else.
    public static let literalEvidence = CoreSlips(rawValue: 1 << 3)
    /// A voucher grants although its own storage is lost ([LEASE-M]).
    public static let grantWithoutStorage = CoreSlips(rawValue: 1 << 4)
    /// H2: the voucher's term counts only while its slot shows the vouch ([DEAD-1] (c)).
    public static let voucherTermDropped = CoreSlips(rawValue: 1 << 5)
    /// H12: the voucher checks first and fills the newest evidence in afterwards ([TIME-4]).
    public static let checkBeforeEvidence = CoreSlips(rawValue: 1 << 6)
    /// A restarted voucher does not count its start as a promise ([DEAD-1] (c)).
    public static let startIsNoPromise = CoreSlips(rawValue: 1 << 7)
    /// The certifier's own promises do not count ([DEAD-1] (b)).
    public static let ownPromiseIgnored = CoreSlips(rawValue: 1 << 8)
    /// A restarted voucher grants before its former life's writes have landed or failed ([VIEW-3]).
    public static let quarantineSkipped = CoreSlips(rawValue: 1 << 9)
    /// A voucher grants without having its vouch on disk ([LEASE-M]).
    public static let vouchNotOnDisk = CoreSlips(rawValue: 1 << 10)
}

/// One search of the core of leases, vouches and certificates: its times in ticks, and what may happen.
public struct CorePlan: Hashable, Sendable {
    /// G: how long a proof carries a lease.
    public var grace: Int
    /// W: how long a feed lasts.
    public var watchdog: Int
    /// D: how long the certifier waits.
    public var bound: Int
    /// Ts of the voucher; G is the most that the rules allow.
    public var storageTimeout: Int
    /// After so many ticks a read of the certifier has failed.
    public var longestRead = 2
    /// The voucher may hear, vouch and grant.
    public var hasVoucher = true
    /// The voucher's daemon may restart.
    public var voucherRestarts = true
    /// The certifier grants as well, until it adopts the removal.
    public var certifierGrants = false
    /// Slot writes may land after their writer gave them up, also after newer ones.
    public var lateWrites = true
    /// Whether writes may land twice.
    public var repeats = WriteRepeats.never
    /// The setting `pathMayRepeatWrites`: E is not before the certifier learnt of the removal.
    public var pathMayRepeatWrites = false
    /// A round of the victim is no good one once somebody has adopted, and therefore published, the removal
    /// ([LEASE-S]). Otherwise the victim ignores views for ever.
    public var victimReadsViews = false
    /// E counts the end of the certifier's last gap over Ts; D has to cover Ts then.
    public var countsGaps = false
    /// The victim may stop between the check of its lease and the feed.
    public var stopsBeforeFeed = true
    /// Leaves out what a bolder move makes superfluous (docs/EXHAUSTIVE.md gives the reason for each);
    /// otherwise every move is taken literally.
    public var isReduced = true
    /// Deliberate mistakes.
    public var slips: CoreSlips = []

    /// The plan with these times, in which everything may happen that the protocol allows for without
    /// settings.
    public init(grace: Int, watchdog: Int, bound: Int) {
        self.grace = grace
        self.watchdog = watchdog
        self.bound = bound
        storageTimeout = grace
    }

    /// The least D that is enough in whole ticks.
    ///
    /// The last check that passes is at G - 1, the stop after it lasts W - 1 at most, the feed W: dead at G
    /// + 2W - 2. Without a stop between check and feed: G + W - 1. Where gaps count, Ts comes on top.
    public static func leastBound(grace: Int, watchdog: Int, stopsBeforeFeed: Bool = true) -> Int {
        stopsBeforeFeed ? grace + 2 * watchdog - 2 : grace + watchdog - 1
    }

    /// This plan with another D.
    public func with(bound: Int) -> CorePlan {
        var plan = self
        plan.bound = bound
        return plan
    }

    /// This plan with these mistakes in it.
    public func with(_ slips: CoreSlips) -> CorePlan {
        var plan = self
        plan.slips = slips
        return plan
    }

    /// Ages above this decide nothing any more: the longest sum that a certificate compares.
    var oldest: Int { bound + max(grace, longestRead) + 1 }
}
