import AdminProtocol
import FailoverPlanner
public import PoolModel

/// Everything that one decision is made from.
public struct DecisionInput: Sendable {
    /// Who is alive.
    public var liveset: LivesetSnapshot
    /// The record in force: written by this master and acknowledged ([ACT-2]).
    public var record: MasterPart
    /// The newest report of each host, all read after this host became acting master.
    public var reports: [Int: AgentReport]
    /// Hosts whose manager has shown no sign of life for long.
    public var silent: Set<Int> = []
    /// Set when a record area could not be used as this master took over, so that a newer record may be lost:
    /// the first version that is beyond doubt.
    public var doubtedBefore: RecordVersion?
    /// What definitions and entries may take in a record area.
    public var budgetBytes = 256 << 10
    /// This host's clock.
    public var now: MonotonicInstant
    /// Seconds since 1970, for people.
    public var wallSeconds: Int64

    /// The input with these parts.
    public init(
        liveset: LivesetSnapshot,
        record: MasterPart,
        reports: [Int: AgentReport],
        now: MonotonicInstant,
        wallSeconds: Int64
    ) {
        self.liveset = liveset
        self.record = record
        self.reports = reports
        self.now = now
        self.wallSeconds = wallSeconds
    }
}

/// The restart engine of the acting master: looks at what is and says what to change in the record.
///
/// Level-triggered: it keeps nothing but its pacing, so that it may be called at any time, by any master, and
/// goes on where another stopped. A machine is ordered to a host only when it has no claim; `ClaimStanding`
/// says when a claim ends. What it decides counts once it stands in the record, acknowledged.
public struct RestartDecider: Sendable {
    private var pacing = StartPacing()

    /// A decider that has decided nothing yet.
    public init() {}

    /// What to change now; carried out already on the copy that is returned.
    ///
    /// Nothing is decided unless this host acts as master in the epoch of the record.
    public mutating func decide(_ input: DecisionInput) -> (changes: [RecordChange], record: MasterPart) {
        let liveset = input.liveset
        guard liveset.isActingMaster, input.record.version.epoch == liveset.epoch else {
            return ([], input.record)
        }
        var draft = Draft(input)
        answerRequests(&draft)
        settleClaims(&draft)
        followFacts(&draft)
        let ordering = orders(&draft)
        takeNotes(&draft, ordering)
        let intents = draft.part.machines.flatMap(\.claims).map(\.intent)
        pacing.keep(machines: Set(draft.part.machines.map(\.name)), intents: Set(intents))
        return draft.changes.isEmpty ? ([], input.record) : (draft.changes, draft.part)
    }

    // MARK: Requests

    private mutating func answerRequests(_ draft: inout Draft) {
        let answered = Set(draft.part.answers.map(\.id))
        var asked: Set<String> = []
        for (host, report) in draft.input.reports.sorted(by: { $0.key < $1.key }) {
            asked.formUnion(report.requests.map(\.id))
            guard draft.evidence.report(of: host) != nil else { continue }
            for request in report.requests where !answered.contains(request.id) {
                guard draft.part.answers.count < MasterPart.answerLimit else { return }
                let answer = RequestRules.answer(
                    request,
                    on: draft.part,
                    liveset: draft.input.liveset,
                    budgetBytes: draft.input.budgetBytes
                )
                draft.add(.answer(request, answer))
                if answer.isAccepted, case .start = request.kind { pacing.forgive(request.machine) }
            }
        }
        let stale = draft.part.answers.map(\.id).filter { answered.contains($0) && !asked.contains($0) }
        if !stale.isEmpty { draft.add(.forgetAnswers(stale)) }
    }

    // MARK: Claims

    private mutating func settleClaims(_ draft: inout Draft) {
        for machine in draft.part.machines {
            for claim in machine.claims {
                switch draft.evidence.standing(of: claim, on: machine) {
                case .hostDead(let proof):
                    // Outside *active* nothing is restarted, so nothing needs to be known dead ([JOIN-3],
                    // [LEAVE-2]).
                    if draft.isActive { hostLost(machine, claim, proof, &draft) }
                case .running(let guest):
                    if !claim.isRunning && guest.state != .starting {
                        draft.add(.running(machine: machine.name, claim.intent, detail: guest.detail))
                        let delay = TimeSpan.milliseconds(machine.startDelaySeconds * 1000)
                        pacing.running(machine.name, delay: delay, now: draft.input.now)
                    }
                case .done(let result):
                    done(machine, claim, result, &draft)
                case .lapsed:
                    lapsed(machine, claim, &draft)
                case .withdrawn:
                    let text = "its start on \(draft.name(claim.host)) was taken back before it began"
                    let release = Release(cause: .requested, host: claim.host, text: text)
                    draft.add(.release(machine: machine.name, claim.intent, release, .stopped, failures: 0))
                case .pending, .unknown:
                    break
                }
            }
        }
    }

    private func hostLost(_ machine: MachineEntry, _ claim: Claim, _ proof: DeathProof, _ draft: inout Draft)
    {
        let release = Release(cause: .hostLost, host: claim.host, proofs: [proof], text: proof.sentence)
        draft.add(.release(machine: machine.name, claim.intent, release, .hostLost, failures: 0))
        guard machine.priority == .unprotected, machine.isWantedOn, claim.isRunning else { return }
        let text =
            "its host \(draft.name(claim.host)) is lost and it is not protected: it stays off until it is started"
        draft.add(.leaveOff(machine: machine.name, text: text))
    }

    private mutating func done(
        _ machine: MachineEntry,
        _ claim: Claim,
        _ result: IntentResult,
        _ draft: inout Draft
    ) {
        let longest = draft.part.settings.longestWaitSeconds
        let text = "on \(draft.name(claim.host)): \(result.text)"
        switch result.outcome {
        case .failed:
            let failures = machine.failures + 1
            // The certificate that allowed this start allows the next one, and is kept with it.
            let release = Release(
                cause: .failedStart,
                host: claim.host,
                proofs: claim.proofs,
                text: "its start failed " + text
            )
            draft.add(.release(machine: machine.name, claim.intent, release, .failed, failures: failures))
            pacing.startFailed(
                machine.name,
                on: claim.host,
                failures: failures,
                longestSeconds: longest,
                now: draft.input.now
            )
        case .stopped:
            let release = Release(cause: .requested, host: claim.host, text: text)
            draft.add(.release(machine: machine.name, claim.intent, release, .stopped, failures: 0))
        case .ended:
            let isQuick = result.ranSeconds < Int64(draft.part.settings.stableRunSeconds)
            let failures = isQuick ? machine.failures + 1 : 0
            let release = Release(cause: .crashed, host: claim.host, text: "it ended " + text)
            draft.add(.release(machine: machine.name, claim.intent, release, .ended, failures: failures))
            pacing.ended(machine.name, failures: failures, longestSeconds: longest, now: draft.input.now)
            guard machine.priority == .unprotected, machine.isWantedOn else { return }
            let stays = "it ended by itself and is not protected: it stays off until it is started"
            draft.add(.leaveOff(machine: machine.name, text: stays))
        }
    }

    private func lapsed(_ machine: MachineEntry, _ claim: Claim, _ draft: inout Draft) {
        let host = draft.name(claim.host)
        let epoch = draft.input.liveset.epoch
        let text =
            claim.isRunning
            ? "\(host) has shown epoch \(epoch) and no longer runs it"
            : "\(host) has shown epoch \(epoch) and had not started it: order \(claim.intent) is void"
        let release = Release(
            cause: claim.isRunning ? .crashed : .orderVoid,
            host: claim.host,
            proofs: claim.isRunning ? [] : claim.proofs,
            text: text
        )
        draft.add(
            .release(
                machine: machine.name,
                claim.intent,
                release,
                claim.isRunning ? .ended : .lapsed,
                failures: machine.failures
            )
        )
    }

    /// A guest that runs without a claim gets one before anything else is decided about it.
    private func followFacts(_ draft: inout Draft) {
        for (host, report) in draft.input.reports.sorted(by: { $0.key < $1.key })
        where draft.evidence.report(of: host) != nil {
            for guest in report.running {
                guard let machine = draft.part.machine(guest.name) else { continue }
                guard !machine.claims.contains(where: { $0.host == host && $0.number == report.number })
                else { continue }
                let intent = guest.intent ?? draft.part.takeIntent()
                let claim = draft.claim(
                    host: host,
                    number: report.number,
                    intent: intent,
                    cause: .found,
                    proofs: []
                )
                draft.add(.found(machine: guest.name, claim))
            }
        }
    }

    // MARK: Orders

    /// What came out for the machines that need a start and got no order.
    private struct Ordering {
        var reasons: [String: String] = [:]
    }

    private mutating func orders(_ draft: inout Draft) -> Ordering {
        var ordering = Ordering()
        let waiting = draft.part.machines.filter(\.needsStart)
        guard draft.isActive, !waiting.isEmpty else { return ordering }
        if let doubt = draft.doubtAboutRecord() {
            for machine in waiting { ordering.reasons[machine.name] = doubt }
            return ordering
        }
        let now = draft.input.now
        let held = waiting.filter { pacing.mustWait($0.name, now: now) }
        for machine in held {
            ordering.reasons[machine.name] =
                "it ended quickly \(machine.failures) times in a row; the next try waits"
        }
        let ready = waiting.filter { !pacing.mustWait($0.name, now: now) }
        let plan = FailoverPlanner.plan(ready.map { need(of: $0, draft) }, on: draft.plannerHosts())
        for missing in plan.unplaced { ordering.reasons[missing.name] = missing.sentence }
        give(plan, to: ready, &draft, &ordering)
        return ordering
    }

    /// Gives the orders of the first rank that still has something to start, and holds the later ranks back.
    private mutating func give(
        _ plan: RestartPlan,
        to ready: [MachineEntry],
        _ draft: inout Draft,
        _ ordering: inout Ordering
    ) {
        let now = draft.input.now
        var starting = draft.part.machines.flatMap(\.claims).filter { !$0.isRunning }.count
        var blocker: String?
        let ranks = Set(draft.part.machines.filter(\.isWantedOn).map(\.rank)).sorted()
        for rank in ranks {
            for machine in ready where machine.rank == rank {
                guard let place = plan.placements[machine.name] else { continue }
                if let blocker {
                    ordering.reasons[machine.name] = blocker
                } else if starting >= draft.part.settings.parallelStarts {
                    ordering.reasons[machine.name] =
                        "\(starting) starts are under way, which is the pool's limit"
                } else {
                    order(machine, to: place.row, &draft)
                    starting += 1
                }
            }
            guard blocker == nil else { continue }
            blocker = self.blocker(of: rank, draft, now)
        }
    }

    /// What keeps the ranks after `rank` waiting, in words.
    private mutating func blocker(of rank: PlannerRank, _ draft: Draft, _ now: MonotonicInstant) -> String? {
        for machine in draft.part.machines where machine.rank == rank && machine.isWantedOn {
            let place = rank.isBestEffort ? "\(machine.name)" : "\(machine.name) (order \(machine.order))"
            for claim in machine.claims where !claim.isRunning && pacing.holdsBack(claim.intent, now: now) {
                return "waits for \(place), which is being started"
            }
            if pacing.isInStartDelay(machine.name, now: now) {
                return "waits for the start-delay of \(place), \(machine.startDelaySeconds) s"
            }
        }
        return nil
    }

    private mutating func order(_ machine: MachineEntry, to host: Int, _ draft: inout Draft) {
        guard let number = draft.input.liveset.members[host] else { return }
        let release = machine.release
        let claim = draft.claim(
            host: host,
            number: number,
            intent: draft.part.takeIntent(),
            cause: release?.cause ?? .requested,
            proofs: release?.proofs ?? []
        )
        draft.add(.order(machine: machine.name, claim))
        pacing.ordered(claim.intent, now: draft.input.now)
    }

    private func need(of machine: MachineEntry, _ draft: Draft) -> PlannerMachine {
        var barred: [HostIndex: String] = [:]
        for host in pacing.barredHosts(machine.name, now: draft.input.now) {
            barred[HostIndex(host)] = "its start failed there, the next try there waits"
        }
        for host in draft.input.liveset.hosts.indices {
            if let reason = draft.targetObjection(host) { barred[HostIndex(host)] = reason }
        }
        var preferred: Int?
        switch machine.release?.cause {
        case nil: preferred = machine.homeHost
        case .crashed, .found: preferred = machine.release?.host
        case .requested: preferred = machine.homeHost
        case .hostLost, .failedStart, .orderVoid: preferred = nil
        }
        return PlannerMachine(
            name: machine.name,
            memoryMiB: machine.memoryMiB,
            rank: machine.rank,
            preferred: preferred.map { HostIndex($0) },
            barred: barred
        )
    }

    // MARK: Notes

    private func takeNotes(_ draft: inout Draft, _ ordering: Ordering) {
        for machine in draft.part.machines {
            let text = note(for: machine, draft, ordering)
            if text != machine.note { draft.add(.note(machine: machine.name, text)) }
        }
    }

    private func note(for machine: MachineEntry, _ draft: Draft, _ ordering: Ordering) -> String {
        guard let claim = machine.claims.first else {
            guard machine.isWantedOn else { return "is off" }
            return ordering.reasons[machine.name]
                ?? "is to be started; the pool is \(draft.input.liveset.poolState.rawValue)"
        }
        let host = draft.name(claim.host)
        switch draft.evidence.standing(of: claim, on: machine) {
        case .running(let guest):
            return guest.state == .stopping ? "is being stopped on \(host)" : "runs on \(host)"
        case .pending(let text), .unknown(let text): return text
        case .hostDead(let proof): return proof.sentence
        case .done, .lapsed, .withdrawn: return "no longer runs on \(host)"
        }
    }
}
