internal import AdminProtocol
internal import LabPlatform
internal import LabWorld
internal import PoolModel

/// A pool of virtual machines that is put through one trial after the other, and watched from outside.
final class VMDrill {
    let pool: VMPool
    let timing: Timing
    private let writes: WriteLogTail
    private let interrupt: Interrupt

    init(_ plan: VMPlan, interrupt: Interrupt) throws(LabError) {
        pool = try VMPool(plan)
        writes = WriteLogTail(directory: plan.lab.directory)
        timing = VMDrill.timing(of: plan.lab.profile)
        self.interrupt = interrupt
    }

    private static func timing(of profile: String) -> Timing {
        switch profile {
        case "fast": Timing(.fast)
        case "conservative": Timing(.conservative)
        default: Timing(.standard)
        }
    }

    private var plan: LabPlan { pool.plan.lab }

    func host(_ number: Int) -> VMHost { pool.hosts[number - 1] }

    // MARK: how the pool is

    /// What a host's daemon says of itself; nil when it says nothing.
    func status(of host: VMHost) -> StatusReport? {
        guard let answer = pool.ask(host, "holdfast status --json", seconds: 10), !answer.output.isEmpty
        else {
            return nil
        }
        return try? LabJSON.decode(StatusReport.self, from: answer.output)
    }

    /// What keeps the pool from being whole; empty when nothing does.
    private func obstacle(machines: [String]) -> String? {
        for host in pool.hosts {
            guard let status = status(of: host) else { return "\(host.name) does not answer" }
            guard status.members == plan.hostNames, status.poolState == .active else {
                return "\(host.name) sees members \(status.members), pool \(status.poolState)"
            }
            guard status.fencing.isArmed, status.statefile.isLive, status.lease.leftMilliseconds ?? 0 > 0
            else {
                return "\(host.name) is not armed, has no statefile or no lease"
            }
        }
        _ = writes.more()
        let silent = machines.filter { (writes.newest[$0]?.landed ?? 0) < LabClock.now - LabClock.second }
        return silent.isEmpty ? nil : "not running: \(silent.joined(separator: ", "))"
    }

    /// Waits until every host is a member and every machine runs; what is missing at the end, nil
    /// when nothing is.
    func obstacleAfterWaiting(seconds: Double, machines: [String]? = nil) throws(LabError) -> String? {
        let deadline = LabClock.now + Int64(seconds * 1e9)
        while let obstacle = obstacle(machines: machines ?? self.machines) {
            try interrupt.check()
            guard LabClock.now < deadline else { return obstacle }
            // An emulated kernel now and then hangs in the calibration of its timers, before
            // anything of ours runs.
            for host in pool.hosts where host.hangsInBoot(longerThan: 90) { host.powerCycle() }
            pool.look(milliseconds: 300)
        }
        return nil
    }

    /// Waits until every host is a member and every machine runs.
    func waitUntilWhole(seconds: Double, machines: [String]) throws(LabError) {
        guard let obstacle = try obstacleAfterWaiting(seconds: seconds, machines: machines) else { return }
        throw LabError("the pool is not whole after \(Int(seconds)) s: \(obstacle)")
    }

    /// The machines that the pool cares for.
    var machines: [String] { plan.guests.map(\.name) }

    /// Waits for the first view and starts the machines.
    func form() throws(LabError) {
        try waitUntilWhole(seconds: 300, machines: [])
        for (index, guest) in plan.guests.enumerated() {
            let home = "lab\(index % plan.hostCount + 1)"
            let command =
                "holdfast vm register \(guest.name) --memory \(guest.memoryMebibytes)MiB --host \(home)"
                + " --ha-restart-priority \(guest.restartPriority) --by holdfast-lab"
                + " -- /lab/bin/holdfast-lab-guest {guest} /lab"
            guard let answer = pool.ask(host(1), command, seconds: 40), answer.status == 0 else {
                throw LabError("\(guest.name) could not be registered")
            }
        }
        try waitUntilWhole(seconds: 180, machines: machines)
    }

    /// On which host a machine wrote last.
    func writer(of machine: String) -> String? {
        _ = writes.more()
        return writes.newest[machine]?.path
    }

    /// Resets every host, for the next trial, after one that went wrong.
    func powerCycle() throws(LabError) {
        for host in pool.hosts { host.powerCycle() }
        try waitUntilWhole(seconds: 300, machines: machines)
    }

    // MARK: what trials do

    /// Runs a command that has to succeed.
    func order(_ host: VMHost, _ command: String) throws(LabError) {
        guard let answer = pool.ask(host, command) else { throw LabError("\(host.name) does not answer") }
        guard answer.status == 0 else {
            throw LabError("\(host.name): '\(command)' ended with \(answer.status): \(answer.output)")
        }
    }

    /// Starts something that may take the command line of the host with it.
    func launch(_ host: VMHost, _ command: String) throws(LabError) {
        try order(host, "(sleep 0.5; echo 'LAB: begins' >/dev/console; \(command)) >/dev/null 2>&1 &")
    }

    /// When what was launched at `since` began, as the host's console says.
    func beginning(of host: VMHost, since: Int64) -> Int64 {
        host.line(with: "LAB: begins", since: since) ?? since
    }

    /// Waits for the end of a host.
    func waitForEnd(of host: VMHost, since: Int64, seconds: Double) throws(LabError)
        -> (how: VMHappening.End, at: Int64)?
    {
        var found: (how: VMHappening.End, at: Int64)?
        let deadline = LabClock.now + Int64(seconds * 1e9)
        while found == nil, LabClock.now < deadline {
            try interrupt.check()
            pool.look()
            found = host.end(since: since)
        }
        return found
    }

    /// Looks on for a while; the hosts that ended meanwhile.
    func watch(seconds: Double, since: Int64) throws(LabError) -> [String] {
        let deadline = LabClock.now + Int64(seconds * 1e9)
        while LabClock.now < deadline {
            try interrupt.check()
            pool.look()
        }
        return pool.hosts.filter { $0.end(since: since) != nil }.map(\.name)
    }
}
