import Explorer
import Testing

@Suite("The complete search of the core")
struct CoreSearchTests {
    private func search(_ tried: ExplorerCase) -> ExplorerRow {
        Explorer.run([tried], memoryLimit: 1 << 30).rows[0]
    }

    @Test("D at its exact bound is clean, one tick less is not; each mistake is found", arguments: CoreCases.quick)
    func endsAsItHasTo(tried: ExplorerCase) {
        let row = search(tried)
        #expect(row.end == tried.expected, "\(tried.name), \(tried.bounds): \(row.path)")
        #expect(row.states > 100)
        #expect((row.end == .violated) == !row.path.isEmpty)
    }

    @Test("each mistake of the table is found, and the same search without it is clean", arguments: CoreCases.mistakes)
    func mistakesAreFound(name: String, slips: CoreSlips) {
        let base = CoreCases.base(for: slips)
        let found = CoreSearch.run(base.with(slips))
        #expect(found.end == .violated)
        #expect(found.path.last?.contains("certifies B dead") == true)
        // The literal E is a mistake of its own as soon as there are vouchers; its base is among the cases.
        let rest = slips.intersection(.literalEvidence)
        #expect(CoreSearch.run(base.with(rest)).end == .exhausted, "\(name)")
    }

    @Test("leaving out what a bolder move makes superfluous changes no verdict", arguments: [2, 3], [2, 3])
    func reductionsKeepVerdicts(grace: Int, watchdog: Int) {
        for stops in [true, false] {
            var plan = CorePlan(grace: grace, watchdog: watchdog, bound: 1)
            plan.hasVoucher = false
            plan.stopsBeforeFeed = stops
            let least = CorePlan.leastBound(grace: grace, watchdog: watchdog, stopsBeforeFeed: stops)
            for bound in [least - 1, least, least + 1] {
                plan.bound = bound
                plan.isReduced = true
                let reduced = CoreSearch.run(plan)
                plan.isReduced = false
                let literal = CoreSearch.run(plan)
                #expect(reduced.end == literal.end)
                #expect(literal.end == (bound < least ? .violated : .exhausted))
                #expect(reduced.states < literal.states)
            }
        }
    }

    @Test("with a voucher, the literal search finds what the reduced one finds")
    func literalVoucherIsViolated() {
        var plan = CorePlan(grace: 2, watchdog: 2, bound: 3)
        plan.lateWrites = false
        plan.voucherRestarts = false
        plan.isReduced = false
        #expect(CoreSearch.run(plan).end == .violated)
    }

    @Test("a search that has no time or no memory says that it was cut")
    func cuts() {
        let plan = CorePlan(grace: 2, watchdog: 2, bound: 4)
        #expect(CoreSearch.run(plan, isOver: { true }).end == .cut)
        #expect(CoreSearch.run(plan, memoryLimit: 1 << 20).end == .cut)
    }

    @Test("the path to a violation is told tick by tick")
    func pathsAreTold() {
        let report = CoreSearch.run(CoreCases.h1(grace: 2, watchdog: 3))
        #expect(report.path.contains { $0.contains("B feeds its watchdog") })
        #expect(report.path.contains { $0.hasPrefix("t=5") })
    }
}
