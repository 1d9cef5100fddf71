import LivesetEngine
import PoolModel
import Simulator

/// Judges claims about events by what the chronicle holds.
struct EventJudge {
    let chronicle: Chronicle
    /// The hosts of the pool.
    let all: HostSet

    /// Nil when the claim holds; else what was seen instead.
    func objection(to claim: EventClaim, _ period: Period) -> String? {
        switch claim {
        case .fence, .onlyFence, .oneFences, .fewFence, .spared: fenceObjection(to: claim, period)
        case .certified(let hosts, let clause):
            hosts.intersection(all).compactMap { certificateObjection($0, clause, period) }.first
        case .notCertified(let hosts):
            certificates(period).first { hosts.contains($0.certificate.host) }.map {
                "\(HostNames.name($0.by)) certified \(HostNames.name($0.certificate.host)) at \($0.time)"
            }
        case .livesOn(let hosts, let lifeline):
            hosts.intersection(all).first { !lives($0, on: lifeline, period) }.map {
                "\(HostNames.name($0)) never said so"
            }
        case .hold: holds(period).isEmpty ? "no hold began" : nil
        case .noHold:
            holds(period).first.map { "\(HostNames.name($0.host)) began one at \($0.time)" }
        case .becomesMaster(let host): masterObjection(host, period)
        case .restart(let hosts, let targets): restartObjection(hosts, targets, period)
        case .noRestart(let hosts): earlyRestart(hosts, period)
        }
    }

    // MARK: Fences

    private func fenceObjection(to claim: EventClaim, _ period: Period) -> String? {
        let fenced = chronicle.fenced(period)
        let holds: Bool
        switch claim {
        case .onlyFence(let hosts): holds = fenced == hosts.intersection(all)
        case .oneFences(let hosts): holds = fenced.count == 1 && fenced.isSubset(of: hosts)
        case .fewFence(let most): holds = fenced.count <= most
        case .spared(let hosts): holds = fenced.intersection(hosts).isEmpty
        case .fence(let hosts, let reason):
            holds = hosts.intersection(all).allSatisfy { host in
                chronicle.fences.contains {
                    $0.host == host && period.contains($0.time) && (reason == nil || $0.reason == reason)
                }
            }
        case .certified, .notCertified, .livesOn, .hold, .noHold, .restart, .noRestart, .becomesMaster:
            preconditionFailure("a claim about fences")
        }
        return holds ? nil : fencesInWords
    }

    private var fencesInWords: String {
        if chronicle.fences.isEmpty { return "nobody fenced" }
        return chronicle.fences.map {
            "\(HostNames.name($0.host)) fenced at \($0.time) (\(Words.reason.phrase(for: $0.reason)))"
        }.joined(separator: ", ")
    }

    // MARK: Certificates

    private func certificates(
        _ period: Period
    ) -> [(time: TimeSpan, by: HostIndex, certificate: DeathCertificate)] {
        chronicle.certificates.filter { period.contains($0.time) }
    }

    private func certificateObjection(
        _ host: HostIndex,
        _ clause: CertificateClause?,
        _ period: Period
    ) -> String? {
        let about = chronicle.certificates.filter { $0.certificate.host == host }
        let fits = about.contains {
            period.contains($0.time) && (clause == nil || $0.certificate.clause == clause)
        }
        if fits { return nil }
        guard let first = about.first else { return "\(HostNames.name(host)) was never certified" }
        let words = Words.clause.phrase(for: first.certificate.clause)
        return "\(HostNames.name(host)) was first certified at \(first.time), through \(words)"
    }

    // MARK: Lifelines, holds, masters

    private func lives(_ host: HostIndex, on lifeline: Lifeline, _ period: Period) -> Bool {
        chronicle.decisions.contains { entry in
            guard entry.host == host, period.contains(entry.time) else { return false }
            return switch (entry.what, lifeline) {
            case (.livingOnVouches, .vouches), (.livingOnAllLost, .allLost): true
            default: false
            }
        }
    }

    private func holds(_ period: Period) -> [TraceEntry] {
        chronicle.decisions.filter { entry in
            if case .holdChanged(true) = entry.what { period.contains(entry.time) } else { false }
        }
    }

    private func masterObjection(_ host: HostIndex, _ period: Period) -> String? {
        let times = chronicle.decisions.compactMap { entry -> TimeSpan? in
            guard case .mastership(true, _) = entry.what, entry.host == host else { return nil }
            return entry.time
        }
        if times.contains(where: period.contains) { return nil }
        if times.isEmpty { return "it never did" }
        return "it did at " + times.map(\.description).joined(separator: ", ")
    }

    // MARK: Machines

    private func restartObjection(_ hosts: HostSet, _ targets: HostSet?, _ period: Period) -> String? {
        let lost = chronicle.lost.filter { hosts.contains($0.host) }
        if lost.isEmpty { return "they lost none" }
        for machine in lost {
            guard let restart = machine.restart else {
                return "machine \(machine.machine) did not start again"
            }
            let place = HostNames.name(restart.host)
            guard period.contains(restart.time), targets?.contains(restart.host) ?? true else {
                return "machine \(machine.machine) started again on \(place) at \(restart.time)"
            }
        }
        return nil
    }

    private func earlyRestart(_ hosts: HostSet, _ period: Period) -> String? {
        chronicle.restarts.first { hosts.contains($0.from) && period.contains($0.time) }.map {
            "machine \($0.machine) started again on \(HostNames.name($0.host)) at \($0.time)"
        }
    }
}
