internal import AdminProtocol
internal import ControlPlane
internal import LabPlatform
internal import LabWorld

/// One fault of the demonstration, what has to come of it, and its mending.
struct Scenario {
    enum Kind: String, CaseIterable {
        case power, storage, network
        case freeze
        case allStorage = "all-storage"
        case allNetwork = "all-network"

        /// The three of every demonstration.
        static let usual: [Kind] = [.power, .storage, .network]

        var words: String {
            switch self {
            case .power: "the power plug of lab1 is pulled"
            case .storage: "the storage cable of lab1 is pulled"
            case .network: "the network cable of lab1 is pulled"
            case .freeze: "every process of lab1 is frozen"
            case .allStorage: "all storage is gone"
            case .allNetwork: "the whole network is gone"
            }
        }
    }

    let kind: Kind
    let drill: Drill

    private var plan: LabPlan { drill.plan }
    private var watch: PoolWatch { drill.watch }
    private var timeline: Timeline { drill.timeline }

    /// What has to come of it.
    private enum Outcome {
        /// The machines of lab1 run elsewhere; lab1 fenced itself unless its plug was pulled.
        case restarted
        /// Three hosts keep one alive that alone lost its storage.
        case vouched
        /// Everybody holds, nobody fences.
        case held
        /// Everybody lives on because everybody lost the storage.
        case allLost
    }

    private var outcome: Outcome {
        switch kind {
        case .power, .freeze: .restarted
        case .storage: plan.hostCount > 2 && plan.onStorageLoss == "stay" ? .vouched : .restarted
        // Without cables (loopback) two hosts see no difference between them, and hold.
        case .network: plan.hostCount == 2 && plan.mode == .loopback ? .held : .restarted
        case .allStorage: .allLost
        case .allNetwork: .held
        }
    }

    /// Plays it; the pool is whole before and after.
    func play(_ title: String) throws(LabError) {
        timeline.flush()
        timeline.told = []
        try prepare()
        timeline.flush()
        timeline.begin(title)
        let lost = watch.running.filter { $0.value == "lab1" }.keys.sorted()
        let bootCounts = self.bootCounts
        let master = watch.actingMaster?.name ?? "nobody"
        timeline.note(
            "·",
            "on lab1: \(lost.isEmpty ? "no machine" : lost.joined(separator: ", ")); master: \(master)"
        )
        try drill.session.apply(fault)
        switch outcome {
        case .restarted:
            try restartElsewhere(lost)
            if kind != .power { try fencedItself(bootCount: bootCounts.first ?? 0) }
            if kind == .storage { try expectNoStatefile() }
        case .vouched: try liveOn(lost, bootCounts: bootCounts)
        case .held: try hold(bootCounts: bootCounts)
        case .allLost: try liveOnAllLost(bootCounts: bootCounts)
        }
        try mend()
        _ = try drill.askChecker()
    }

    /// The machines go back to lab1, and the master with them where the harder case asks for it.
    private func prepare() throws(LabError) {
        for machine in ["vm-db", "vm-web"] { try drill.move(machine, to: "lab1") }
        guard kind == .network, plan.hostCount == 2, watch.actingMaster?.name != "lab1"
        else { return }
        // The harder case: the host that loses its network is master and has the lower index.
        guard let master = watch.actingMaster else { return }
        _ = try master.askDaemon(MoveMasterCommand(host: "lab1", by: "holdfast-lab"))
        _ = try drill.waitUntilWhole(seconds: 20, machines: plan.guests)
        _ = try drill.wait(seconds: 20) { watch.actingMaster?.name == "lab1" }
    }

    private var fault: LabFault {
        let all = Array(1...plan.hostCount)
        return switch kind {
        case .power: .powerOff(hosts: [1])
        case .storage: .cutStorage(hosts: [1], failing: false)
        case .network: cut([1])
        case .freeze: .freeze(hosts: [1])
        case .allStorage: .cutStorage(hosts: all, failing: false)
        case .allNetwork: cut(all)
        }
    }

    private var mending: LabFault {
        let all = Array(1...plan.hostCount)
        return switch kind {
        case .power: .powerOn(hosts: [1])
        case .storage: .restoreStorage(hosts: [1], shuffled: false)
        case .network: .restoreNetwork(hosts: [1])
        case .freeze: .thaw(hosts: [1])
        case .allStorage: .restoreStorage(hosts: all, shuffled: true)
        case .allNetwork: .restoreNetwork(hosts: all)
        }
    }

    private func cut(_ hosts: [Int]) -> LabFault {
        plan.mode == .netns
            ? .cutNetwork(hosts: hosts, link: .mgmt) : .silenceNetwork(hosts: hosts, link: .mgmt)
    }

    private var bootCounts: [Int] { watch.hardware?.hosts.map(\.bootCount) ?? [] }

    private func restartElsewhere(_ lost: [String]) throws(LabError) {
        let bound = (watch.certainlyDeadSeconds ?? 11) + 2
        let isBack = try drill.wait(seconds: bound + 20) {
            lost.allSatisfy { machine in (watch.running[machine] ?? "lab1") != "lab1" }
        }
        timeline.flush()
        let times = lost.compactMap { machine in
            timeline.first([.running]) {
                $0.machine == machine && $0.host != "lab1" && $0.text.contains("writes")
            }
        }
        let slowest = times.max() ?? timeline.elapsed
        guard
            drill.expect(
                isBack && times.count == lost.count,
                "\(lost.joined(separator: " and ")) run elsewhere",
                else: watch.obstacles(machines: plan.guests).joined(separator: "; ")
            )
        else { return }
        timeline.note("·", account(of: lost, until: slowest))
        drill.expect(
            slowest <= bound,
            "from the fault to the last machine running: \(Timeline.short(slowest)) (at most D + 2 s = "
                + "\(Timeline.short(bound)))"
        )
        let others = watch.hosts.filter { $0.name != "lab1" }
        drill.expect(
            others.allSatisfy { $0.status?.phase == .member },
            "\(others.map(\.name).joined(separator: ", ")) live on"
        )
    }

    /// Where each second went.
    private func account(of machines: [String], until end: Double) -> String {
        var marks: [(String, Double)] = []
        func mark(_ words: String, _ time: Double?) {
            guard let time, time <= end, time >= (marks.last?.1 ?? 0) else { return }
            marks.append((words, time))
        }
        mark("until it was noticed", timeline.first([.notice]))
        mark(
            "until a view without lab1 was proposed",
            timeline.first([.decision]) { $0.text.contains("without lab1") || $0.text.contains("left out") }
        )
        mark("until lab1 was certified dead", timeline.first([.certificate]) { $0.machine == "lab1" })
        mark("until the first restart was ordered", timeline.first([.restart]))
        mark("until the last machine wrote", end)
        var before = 0.0
        let parts = marks.map { words, time in
            defer { before = time }
            return "\(Timeline.short(time - before)) \(words)"
        }
        return "where the seconds went: " + parts.joined(separator: ", ")
    }

    private func fencedItself(bootCount: Int) throws(LabError) {
        let isReset = try drill.wait(seconds: 15) {
            (watch.hardware?.hosts.first?.bootCount ?? 0) > bootCount
        }
        let end = watch.hardware?.hosts.first?.lastEnd ?? "nothing"
        drill.expect(
            isReset && (end == "sysrq" || end == "watchdog" || end == "reboot(2)"),
            "lab1 fenced itself (\(end))",
            else: "its last end: \(end)"
        )
    }

    private func expectNoStatefile() throws(LabError) {
        let isTold = try drill.wait(seconds: 15) {
            watch.host("lab1")?.status?.joinObstacle?.obstacle == .noStatefile
        }
        let sentence = watch.host("lab1")?.status?.joinObstacle?.sentence ?? "it gives no reason"
        drill.expect(isTold, "lab1 stays out and says why: \(sentence)")
    }

    /// Longer than grace and watchdog together: whoever was to die of it is dead then.
    private func outlast(_ bootCounts: [Int]) throws(LabError) {
        try drill.watch(seconds: 8)
        timeline.flush()
        drill.expect(
            self.bootCounts == bootCounts,
            "nobody was reset",
            else: "boots before \(bootCounts), now \(self.bootCounts)"
        )
        drill.expect(watch.hosts.allSatisfy { $0.status?.phase == .member }, "every host is still a member")
    }

    private func liveOn(_ machines: [String], bootCounts: [Int]) throws(LabError) {
        let isVouched = try drill.wait(seconds: 10) { watch.host("lab1")?.status?.lease.ground == .vouched }
        drill.expect(isVouched, "lab1 lives on its peers' vouches")
        try outlast(bootCounts)
        let seen = watch.host("lab2")?.status?.hosts.first { $0.name == "lab1" }
        drill.expect(
            watch.host("lab1")?.status?.statefile.isLive == false && seen?.isStorageLive == false,
            "lab1 is reported as storage-lost"
        )
        drill.expect(
            machines.allSatisfy { machine in
                watch.actingMaster?.machines?.machines.first { $0.name == machine }?.host == "lab1"
            },
            "nothing is restarted: \(machines.joined(separator: ", ")) on lab1 go on when their disk does"
        )
    }

    private func hold(bootCounts: [Int]) throws(LabError) {
        let holds = try drill.wait(seconds: 15) { watch.hosts.allSatisfy { $0.status?.hold == true } }
        drill.expect(holds, "every host holds: the statefile alone carries liveness [FAULT-3]")
        try outlast(bootCounts)
    }

    private func liveOnAllLost(bootCounts: [Int]) throws(LabError) {
        let isAllLost = try drill.wait(seconds: 15) {
            watch.hosts.allSatisfy { $0.status?.lease.ground == .allLost }
        }
        drill.expect(
            isAllLost,
            "every host lives on because all hear each other and all lost the storage [LEASE-A]"
        )
        try outlast(bootCounts)
    }

    /// Plugs in again, and waits until the pool is whole.
    private func mend() throws(LabError) {
        let before = timeline.elapsed
        try drill.session.apply(mending)
        let isWhole = try drill.waitUntilWhole(seconds: 60, machines: plan.guests)
        timeline.flush()
        let took = timeline.elapsed - before
        drill.expect(
            isWhole,
            "the pool is whole again \(Timeline.short(took)) after plugging in",
            else: watch.obstacles(machines: plan.guests).joined(separator: "; ")
        )
        guard outcome == .restarted else { return }
        let left = watch.running.filter { $0.value == "lab1" }.keys.sorted()
        drill.expect(
            left.isEmpty,
            "lab1 is back without a machine",
            else: "it runs \(left.joined(separator: ", "))"
        )
    }
}
