import Logging

extension ManagerLoop {
    /// Logs one decision of this host as master, with the figures behind it.
    func tell(_ change: RecordChange) {
        switch change {
        case .order(let machine, let claim):
            var fields: Logger.Metadata = [
                "vm": "\(machine)", "target": "\(name(claim.host))", "epoch": "\(claim.intent.epoch)",
                "reason": "\(claim.cause.rawValue)",
            ]
            let proofs = claim.proofs.map(\.sentence).joined(separator: "; ")
            if !proofs.isEmpty { fields["certificate"] = "\(proofs)" }
            let because = proofs.isEmpty ? claim.cause.rawValue : proofs
            log.notice(
                "'\(machine)' is ordered to \(name(claim.host)) (\(claim.intent)): \(because)",
                metadata: fields
            )
        case .running(let machine, let intent, let detail):
            log.notice("'\(machine)' is seen running (\(intent), \(detail))", metadata: ["vm": "\(machine)"])
        case .release(let machine, let intent, let release, let kind, _):
            let fields: Logger.Metadata = ["vm": "\(machine)", "reason": "\(kind.rawValue)"]
            log.notice("'\(machine)' is free of order \(intent): \(release.text)", metadata: fields)
        case .found(let machine, let claim):
            let text =
                "'\(machine)' runs on \(name(claim.host)) although the record did not know; the record follows"
            log.error("\(text)", metadata: ["vm": "\(machine)"])
        case .leaveOff(let machine, let text):
            log.warning("'\(machine)': \(text)", metadata: ["vm": "\(machine)"])
        case .note(let machine, let text):
            log.info("'\(machine)' \(text)", metadata: ["vm": "\(machine)"])
        case .answer(let request, let answer):
            let verdict = answer.isAccepted ? "accepted" : "refused"
            log.notice(
                "\(request.by) asked to \(request.words) ('\(request.machine)'): \(verdict): \(answer.text)"
            )
        case .forgetAnswers:
            break
        }
    }

    /// Logs what this host now does about the record.
    func tell(_ role: MasterRole) {
        switch role {
        case .none: log.notice("this host does not act as master")
        case .surveying(let epoch, _):
            log.notice("acting as master in epoch \(epoch): reads the pool record of every host")
        case .takingOver(let epoch):
            log.notice("acting as master in epoch \(epoch): writes the pool record as its own")
        case .acting(let epoch):
            log.notice("acting as master in epoch \(epoch): restarts machines from now on")
        }
    }
}
