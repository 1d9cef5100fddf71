import Explorer

@main
struct Main {
    static func main() {
        let arguments = CommandLine.arguments.dropFirst().compactMap { Int($0) }
        var plan = CorePlan(grace: arguments[0], watchdog: arguments[1], bound: arguments[2])
        if arguments.count > 3 { plan.slips = CoreSlips(rawValue: UInt16(arguments[3])) }
        if arguments.count > 4 {
            let bits = arguments[4]
            plan.hasVoucher = bits & 1 == 0
            plan.voucherRestarts = bits & 2 == 0
            plan.lateWrites = bits & 4 == 0
            plan.longestRead = bits & 8 == 0 ? 2 : 1
            plan.stopsBeforeFeed = bits & 16 == 0
            plan.isReduced = bits & 32 == 0
            plan.certifierGrants = bits & 64 != 0
            if bits & 128 != 0 { plan.repeats = .once }
            if bits & 256 != 0 { plan.repeats = .always }
            if bits & 512 != 0 { plan.pathMayRepeatWrites = true }
            if bits & 1024 != 0 { plan.countsGaps = true }
            if bits & 2048 != 0 { plan.victimReadsViews = true }
            if bits & 4096 != 0 { plan.longestRead = 4 }
        }
        let start = ContinuousClock.now
        let report = CoreSearch.run(plan)
        print(report.end, report.states, report.transitions, report.depth, report.bytes >> 20, ContinuousClock.now - start)
        for line in report.path { print(line) }
    }
}
