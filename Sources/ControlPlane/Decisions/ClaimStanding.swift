/// What the evidence says of one claim: whether its host may still be running the machine.
enum ClaimStanding: Hashable, Sendable {
    /// Its host's life is over.
    case hostDead(DeathProof)
    /// Its host reports it running, starting or stopping.
    case running(RunningGuest)
    /// Its host says what became of the order, and does not run the machine.
    case done(IntentResult)
    /// The order is of an earlier epoch and its host, in this one, does not run the machine: it never will by
    /// it.
    case lapsed
    /// The operator wants it off, and its host has seen that and does not run it.
    case withdrawn
    /// The order stands and nothing is known yet, in words.
    case pending(String)
    /// Its host is in the liveset and has not shown this epoch with a report ([ACT-3]), in words.
    case unknown(String)
}

/// The evidence at one moment.
struct Evidence {
    /// Who is alive.
    let liveset: LivesetSnapshot
    /// The newest report of each host, read after this host became acting master.
    let reports: [Int: AgentReport]

    /// The report of the host's present, admitted life; nil when there is none.
    func report(of host: Int) -> AgentReport? {
        guard let report = reports[host], let number = liveset.members[host], report.number == number else {
            return nil
        }
        return report
    }

    /// The host's present life has reported under the adopted view.
    func hasShownEpoch(_ host: Int) -> AgentReport? {
        guard let report = report(of: host), report.epoch == liveset.epoch else { return nil }
        return report
    }

    /// What is known of `claim` on `machine`.
    func standing(of claim: Claim, on machine: MachineEntry) -> ClaimStanding {
        if let proof = deathProof(of: claim, on: machine.name) { return .hostDead(proof) }
        let name = liveset.name(claim.host)
        guard let report = report(of: claim.host), report.number == claim.number else {
            return .unknown(
                "\(name) (incarnation \(claim.number)) is not certified dead and its manager has not reported"
            )
        }
        // Whatever epoch it shows: what runs, runs.
        if let guest = report.running.first(where: { $0.name == machine.name }) { return .running(guest) }
        guard report.epoch == liveset.epoch else {
            return .unknown(
                "\(name) is alive and its manager has shown epoch \(report.epoch), not yet \(liveset.epoch)"
            )
        }
        if let result = report.result(of: claim.intent) { return .done(result) }
        if claim.intent.epoch < liveset.epoch { return .lapsed }
        if !machine.isWantedOn && report.seen >= machine.wantedSince { return .withdrawn }
        if let reason = report.waiting[machine.name] { return .pending("\(name) waits: \(reason)") }
        let hasRead = report.seen >= claim.issued
        return .pending(
            hasRead ? "\(name) has read its order to start it" : "\(name) was ordered to start it"
        )
    }

    /// Why the life that `claim` is for is over; nil while that is not proved.
    ///
    /// A liveset that leaves a host out says that all its lives are certified ([SAFE-1]). A higher admitted
    /// number says the same of the lower one ([DEAD-3]); without the certificate in hand the new life's own
    /// word is awaited.
    func deathProof(of claim: Claim, on machine: String) -> DeathProof? {
        if let certificate = liveset.certificate(for: claim.host, number: claim.number) { return certificate }
        func proof(_ clause: DeathProof.Clause) -> DeathProof {
            DeathProof(
                host: claim.host,
                hostName: liveset.name(claim.host),
                number: claim.number,
                clause: clause,
                by: liveset.name(liveset.own)
            )
        }
        guard liveset.liveset.contains(claim.host) else { return proof(.carriedByView) }
        guard let admitted = liveset.members[claim.host], admitted > claim.number else { return nil }
        guard let report = hasShownEpoch(claim.host), !report.runs(machine) else { return nil }
        return proof(.newerIncarnation)
    }
}
