/// One thing that a host's manager has to do with its own guests.
public enum AgentAction: Hashable, Sendable {
    /// Start a machine by this order, if the daemon permits it at that moment.
    case start(StartTask)
    /// Ask it to stop, and stop it after the grace.
    case stop(machine: String, graceSeconds: Int, why: String)
    /// Stop it at once.
    case kill(machine: String, why: String)
}

/// A machine to be started here, with everything that the driver and the daemon need.
public struct StartTask: Hashable, Sendable {
    /// The machine.
    public var machine: String
    /// The memory it takes, in MiB.
    public var memoryMiB: Int
    /// The driver's own text.
    public var definition: String
    /// The order.
    public var intent: IntentID
    /// The host's incarnation that the order is for.
    public var number: UInt32
    /// The incarnation number of the master that gave it.
    public var masterNumber: UInt32
}

/// A guest as the driver lists it.
public struct ListedGuest: Hashable, Sendable {
    /// What is reported.
    public var guest: RunningGuest
    /// The host's incarnation under which it was started; nil when the driver does not know.
    public var number: UInt32?

    /// The guest with these fields.
    public init(guest: RunningGuest, number: UInt32?) {
        self.guest = guest
        self.number = number
    }
}

/// The part of the manager that runs on every host: carries out the orders that name this host, and reports.
///
/// A decider: one thread owns it, and the same thread calls the driver, so that starting and reporting are
/// one after the other ([ACT-1]: "under one lock"). What it has once reported binds it, also after a restart
/// of the manager: it begins from the host's own newest report.
public struct HostAgent: Sendable {
    /// The host's row.
    public let host: Int
    /// The boot in which it runs.
    public let boot: String
    /// The admitted number of this life; 0 before it is admitted.
    public private(set) var number: UInt32 = 0
    /// The newest epoch shown: nothing is started for an earlier one.
    public private(set) var epoch: UInt64 = 0
    /// The newest record adopted, nil when none is known to this run.
    public private(set) var record: MasterPart?
    /// The newest record that this host ever said it acts on.
    public private(set) var seen = RecordVersion.zero
    /// What became of orders that the record still holds.
    public private(set) var results: [IntentResult] = []
    /// Why orders wait here.
    public private(set) var waiting: [String: String] = [:]
    private var liveset: LivesetSnapshot?
    private var hasForgotten: Bool

    /// The agent of `host`, going on from the newest report in its own area.
    ///
    /// With `hasForgotten` that report is lost: orders given before may have been carried out and ended
    /// already, and the master may know it, so none that stands in the first record is carried out; each is
    /// reported as failed.
    public init(host: Int, boot: String, previous: AgentReport?, hasForgotten: Bool = false) {
        self.host = host
        self.boot = boot
        self.hasForgotten = hasForgotten
        guard let previous, previous.host == host else { return }
        seen = previous.seen
        // Another boot is another life: its orders and its epoch are not this one's.
        guard previous.boot == boot else { return }
        (number, epoch, results) = (previous.number, previous.epoch, previous.results)
    }

    /// Takes what the daemon says.
    public mutating func learn(_ snapshot: LivesetSnapshot) {
        liveset = snapshot
        guard snapshot.isMember, let admitted = snapshot.members[host] else { return }
        if admitted > number {
            // Orders for an earlier life name its number; a later life never carries them out.
            number = admitted
        }
        // A late answer must not take back what was shown.
        epoch = max(epoch, snapshot.epoch)
    }

    /// Takes the newest record that was read; an older one than was ever adopted is not taken.
    public mutating func learn(_ part: MasterPart) {
        guard part.version >= seen else { return }
        record = part
        seen = part.version
        let named = Set(part.machines.flatMap(\.claims).map(\.intent))
        if hasForgotten {
            hasForgotten = false
            for machine in part.machines {
                for claim in machine.claims where claim.host == host {
                    failed(
                        machine.name,
                        claim.intent,
                        "this host's record area was damaged, so the order is not trusted"
                    )
                }
            }
        }
        // The master no longer holds the order, so nobody can give it again.
        results.removeAll { !named.contains($0.intent) }
    }

    // MARK: What to do

    /// What to do now, given what runs; stops before starts.
    public mutating func actions(_ running: [ListedGuest]) -> [AgentAction] {
        guard let liveset else { return [] }
        if liveset.isFencing {
            return running.map { .kill(machine: $0.guest.name, why: "this host fences itself") }
        }
        var actions = leftovers(running, liveset)
        waiting = [:]
        guard let record else { return actions }
        actions += stops(running, record)
        let names = Set(running.map(\.guest.name))
        for machine in record.machines where machine.isWantedOn && !names.contains(machine.name) {
            if let task = task(for: machine, record, liveset) { actions.append(.start(task)) }
        }
        return actions
    }

    /// Guests of an earlier life of this host: that life is certified dead, and somebody else may run them.
    private func leftovers(_ running: [ListedGuest], _ liveset: LivesetSnapshot) -> [AgentAction] {
        let life = max(number, liveset.ownNumber)
        return running.compactMap { listed in
            guard let started = listed.number, started < life else { return nil }
            return .kill(
                machine: listed.guest.name,
                why: "it was started in incarnation \(started) of this host, which now is in \(life)"
            )
        }
    }

    private func stops(_ running: [ListedGuest], _ record: MasterPart) -> [AgentAction] {
        running.compactMap { listed in
            guard let machine = record.machine(listed.guest.name), !machine.isWantedOn else { return nil }
            if machine.isStopForced {
                return .kill(machine: machine.name, why: "the operator stops it by force")
            }
            guard listed.guest.state != .stopping else { return nil }
            let grace = record.settings.stopGraceSeconds
            return .stop(machine: machine.name, graceSeconds: grace, why: "the operator stops it")
        }
    }

    private mutating func task(
        for machine: MachineEntry,
        _ record: MasterPart,
        _ liveset: LivesetSnapshot
    ) -> StartTask? {
        guard let claim = machine.claims.first(where: { $0.host == host && $0.number == number }) else {
            return nil
        }
        guard claim.intent.epoch == epoch, record.version.epoch == epoch else { return nil }
        guard !results.contains(where: { $0.intent == claim.intent }) else { return nil }
        guard liveset.isMember else {
            waiting[machine.name] = "this host is \(liveset.phase)"
            return nil
        }
        guard let definition = record.definition(of: machine) else {
            failed(
                machine.name,
                claim.intent,
                "its definition in the pool record is damaged; register it anew"
            )
            return nil
        }
        return StartTask(
            machine: machine.name,
            memoryMiB: machine.memoryMiB,
            definition: definition,
            intent: claim.intent,
            number: claim.number,
            masterNumber: claim.masterNumber
        )
    }

    // MARK: What came of it

    /// A start failed for good: this order is over.
    public mutating func failed(_ machine: String, _ intent: IntentID, _ text: String) {
        conclude(IntentResult(intent: intent, machine: machine, outcome: .failed, ranSeconds: 0, text: text))
    }

    /// The daemon did not permit the start now; the order stands and is tried again.
    public mutating func refused(_ machine: String, _ text: String) { waiting[machine] = text }

    /// A guest ended or was stopped.
    public mutating func ended(
        _ machine: String,
        _ intent: IntentID?,
        wasStopped: Bool,
        ranSeconds: Int64,
        _ text: String
    ) {
        guard let intent else { return }
        conclude(
            IntentResult(
                intent: intent,
                machine: machine,
                outcome: wasStopped ? .stopped : .ended,
                ranSeconds: ranSeconds,
                text: text
            )
        )
    }

    private mutating func conclude(_ result: IntentResult) {
        guard !results.contains(where: { $0.intent == result.intent }) else { return }
        results.append(result)
    }

    /// What this host says of itself, with everything that runs at this moment.
    public func report(_ running: [ListedGuest], totalMiB: Int, requests: [ManagerRequest], beat: UInt64)
        -> AgentReport
    {
        var report = AgentReport(host: host, boot: boot)
        (report.number, report.epoch, report.seen) = (number, epoch, seen)
        report.running = running.map(\.guest)
        (report.results, report.waiting) = (results, waiting)
        (report.totalMiB, report.requests, report.beat) = (totalMiB, requests, beat)
        return report
    }
}
