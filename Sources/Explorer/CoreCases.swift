/// The searches of the core: D at its exact bound, D one tick below, and each deliberate mistake.
public enum CoreCases {
    /// Those that are through in seconds.
    public static var quick: [ExplorerCase] {
        tables([(2, 2), (2, 3), (3, 2), (3, 3), (4, 3)], "no voucher, literal", expects: literal)
            + tables([(2, 2)], "voucher", expects: calm)
            + tables([(2, 2), (3, 3)], "no stop before the feed, no voucher", expects: unstopped)
            + [
                ExplorerCase("H1: D without the second W", .core(h1(grace: 2, watchdog: 3)), expected: .violated)
            ] + slips + repeats
    }

    /// Those that take minutes and gigabytes.
    public static var full: [ExplorerCase] {
        quick + tables([(2, 3), (3, 2)], "voucher", expects: calm)
            + tables([(2, 2)], "voucher, late writes", expects: late)
            + tables([(2, 2)], "voucher, restarts", expects: restarts)
            + tables([(2, 2)], "voucher, late writes, restarts", expects: everything)
            + tables([(2, 2)], "voucher and certifier grant", expects: certifierGrants)
            + harmless
    }

    // MARK: What may happen

    /// Every move literally; the certifier and the victim alone.
    private static func literal(_ plan: CorePlan) -> CorePlan {
        var plan = plan
        plan.hasVoucher = false
        plan.isReduced = false
        return plan
    }

    private static func calm(_ plan: CorePlan) -> CorePlan {
        var plan = plan
        plan.lateWrites = false
        plan.voucherRestarts = false
        return plan
    }

    private static func late(_ plan: CorePlan) -> CorePlan {
        var plan = plan
        plan.voucherRestarts = false
        return plan
    }

    private static func restarts(_ plan: CorePlan) -> CorePlan {
        var plan = plan
        plan.lateWrites = false
        return plan
    }

    private static func everything(_ plan: CorePlan) -> CorePlan { plan }

    private static func certifierGrants(_ plan: CorePlan) -> CorePlan {
        var plan = calm(plan)
        plan.certifierGrants = true
        return plan
    }

    private static func unstopped(_ plan: CorePlan) -> CorePlan {
        var plan = literal(plan)
        plan.stopsBeforeFeed = false
        return plan
    }

    /// For each (G, W): exhausted at the bound, violated one tick below it.
    private static func tables(
        _ sizes: [(Int, Int)],
        _ name: String,
        expects: (CorePlan) -> CorePlan
    ) -> [ExplorerCase] {
        sizes.flatMap { grace, watchdog in
            let plan = expects(CorePlan(grace: grace, watchdog: watchdog, bound: 1))
            let bound = CorePlan.leastBound(
                grace: grace,
                watchdog: watchdog,
                stopsBeforeFeed: plan.stopsBeforeFeed
            )
            return [
                ExplorerCase(name, .core(plan.with(bound: bound))),
                ExplorerCase(name, .core(plan.with(bound: bound - 1)), expected: .violated),
            ]
        }
    }

    // MARK: Mistakes

    /// D = G + W, where a stop before the feed asks for G + 2W - 2: less, from W = 3 on.
    public static func h1(grace: Int, watchdog: Int) -> CorePlan {
        calm(CorePlan(grace: grace, watchdog: watchdog, bound: grace + watchdog))
    }

    /// The base of the slips: (2, 2) at its exact bound, with everything that the slip needs.
    public static func base(for slips: CoreSlips) -> CorePlan {
        let plan = CorePlan(grace: 2, watchdog: 2, bound: CorePlan.leastBound(grace: 2, watchdog: 2))
        if slips.contains(.literalEvidence) {
            var literal = plan
            literal.hasVoucher = false
            // The read has to be as old as D less the last tick at which the slot may stand still.
            literal.longestRead = 4
            return literal
        }
        if slips.contains(.ownPromiseIgnored) { return certifierGrants(plan) }
        return slips.contains(.startIsNoPromise) ? restarts(plan) : calm(plan)
    }

    /// Each mistake that only a complete search is sure to find (model-check.md (c)), by name.
    public static let mistakes: [(name: String, slips: CoreSlips)] = [
        ("grant dated at receipt", .grantDatedAtReceipt),
        ("certificate from a read issued earlier, literal E", [.readIssuedEarlier, .literalEvidence]),
        ("grant without own storage", .grantWithoutStorage),
        ("H2: the voucher's term dropped with the vouch", .voucherTermDropped),
        ("H12: check first, evidence second", .checkBeforeEvidence),
        ("a restart is no promise", .startIsNoPromise),
        ("the certifier's own promise ignored", .ownPromiseIgnored),
    ]

    private static var slips: [ExplorerCase] {
        mistakes.map { name, slips in
            ExplorerCase(name, .core(base(for: slips).with(slips)), expected: .violated)
        } + [
            ExplorerCase("literal E without vouchers, no mistake", .core(base(for: .literalEvidence).with(.literalEvidence)))
        ]
    }

    /// Changes that a complete search shows to be without harm in the core.
    private static var harmless: [ExplorerCase] {
        let plan = base(for: [])
        return [
            ExplorerCase("harmless: a grant dated by its composing", .core(plan.with(.grantDatedWhenSent))),
            ExplorerCase("harmless: a grant without the vouch on disk", .core(plan.with(.vouchNotOnDisk))),
            ExplorerCase(
                "harmless: grants in quarantine",
                .core(restarts(plan).with(.quarantineSkipped))
            ),
        ]
    }

    // MARK: Writes that land twice

    /// H4, and what closes it.
    public static var repeats: [ExplorerCase] {
        var plan = base(for: [])
        plan.hasVoucher = false
        plan.lateWrites = true
        var once = plan
        once.repeats = .once
        var closed = plan
        closed.repeats = .always
        closed.pathMayRepeatWrites = true
        closed.victimReadsViews = true
        var gaps = once
        gaps.countsGaps = true
        // Ts for the gap, and as long as the victim may have kept still before it.
        let margin = gaps.storageTimeout + gaps.grace - 1
        return [
            ExplorerCase("H4: a write lands twice", .core(once), expected: .violated),
            ExplorerCase("a write lands again and again, path-may-repeat-writes", .core(closed)),
            ExplorerCase(
                "a write lands again and again, path-may-repeat-writes",
                .core(closed.with(bound: closed.bound - 1)),
                expected: .violated
            ),
            ExplorerCase("a write lands twice, gaps count, margin Ts + G - 1", .core(gaps.with(bound: gaps.bound + margin))),
            ExplorerCase(
                "a write lands twice, gaps count, margin Ts",
                .core(gaps.with(bound: gaps.bound + gaps.storageTimeout)),
                expected: .violated
            ),
        ]
    }
}
