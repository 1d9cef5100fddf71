/// One change of the pool record, decided by the acting master.
public enum RecordChange: Hashable, Sendable {
    /// A host shall start a machine.
    case order(machine: String, Claim)
    /// A host reported it running: the restart is done.
    case running(machine: String, IntentID, detail: String)
    /// A claim is over, for this reason; the machine may be started again if it is wanted.
    case release(machine: String, IntentID, Release, LedgerKind, failures: Int)
    /// The record follows the fact that a host runs a machine.
    case found(machine: String, Claim)
    /// It is not protected, or was stopped: it stays off from now on.
    case leaveOff(machine: String, text: String)
    /// Why it is where it is, or why it does not run.
    case note(machine: String, String)
    /// An operator's request was carried out or refused.
    case answer(ManagerRequest, RequestAnswer)
    /// Answers that nobody waits for any more.
    case forgetAnswers([String])
}

extension MasterPart {
    /// Carries out `change`; `version` must already be that of the record being made.
    mutating func apply(_ change: RecordChange, wallSeconds: Int64, name: (Int) -> String) {
        let version = self.version
        switch change {
        case .order(let machine, let claim):
            precondition(
                self.machine(machine)?.claims.isEmpty == true,
                "a machine that may be running is not ordered again"
            )
            update(machine) { $0.claims = [claim] }
            ledger.add(
                .ordered,
                machine: machine,
                host: claim.host,
                intent: claim.intent,
                proofs: claim.proofs,
                text: "\(name(claim.host)) is to start it: \(orderReason(machine, claim))",
                wallSeconds: wallSeconds
            )
        case .running(let machine, let intent, let detail):
            markRunning(machine, intent, detail, wallSeconds, name)
        case .release(let machine, let intent, let release, let kind, let failures):
            update(machine) { entry in
                entry.claims.removeAll { $0.intent == intent }
                entry.release = release
                entry.failures = failures
            }
            ledger.add(
                kind,
                machine: machine,
                host: release.host,
                intent: intent,
                proofs: release.proofs,
                text: release.text,
                wallSeconds: wallSeconds
            )
        case .found(let machine, let claim):
            update(machine) { $0.claims.append(claim) }
            ledger.add(
                .found,
                machine: machine,
                host: claim.host,
                intent: claim.intent,
                text: "\(name(claim.host)) reports that it runs; the record did not know and follows",
                wallSeconds: wallSeconds
            )
        case .leaveOff(let machine, let text):
            update(machine) { entry in
                entry.isWantedOn = false
                entry.wantedSince = version
            }
            ledger.add(.leftOff, machine: machine, host: nil, text: text, wallSeconds: wallSeconds)
        case .note(let machine, let text):
            update(machine) { $0.note = text }
        case .answer(let request, let answer):
            if answer.isAccepted { carryOut(request, wallSeconds) }
            answers.append(answer)
        case .forgetAnswers(let ids):
            answers.removeAll { ids.contains($0.id) }
        }
    }

    /// The most answers kept; while so many wait to be seen, no further request is answered, so none is done
    /// twice.
    static let answerLimit = 64

    private func orderReason(_ machine: String, _ claim: Claim) -> String {
        switch claim.cause {
        case .requested: "the operator wants it on"
        case .hostLost, .crashed, .failedStart, .orderVoid, .found:
            self.machine(machine)?.release?.text ?? claim.cause.rawValue
        }
    }

    private mutating func markRunning(
        _ machine: String,
        _ intent: IntentID,
        _ detail: String,
        _ wallSeconds: Int64,
        _ name: (Int) -> String
    ) {
        var host: Int?
        update(machine) { entry in
            guard let index = entry.claims.firstIndex(where: { $0.intent == intent }) else { return }
            entry.claims[index].isRunning = true
            host = entry.claims[index].host
        }
        guard let host else { return }
        ledger.add(
            .running,
            machine: machine,
            host: host,
            intent: intent,
            text: "runs on \(name(host)) (\(detail))",
            wallSeconds: wallSeconds
        )
    }

    private mutating func carryOut(_ request: ManagerRequest, _ wallSeconds: Int64) {
        let version = self.version
        switch request.kind {
        case .register(let wish):
            var entry = MachineEntry(
                name: wish.name,
                memoryMiB: wish.memoryMiB,
                definitionHash: ContentHash.of(wish.definition)
            )
            (entry.priority, entry.order, entry.startDelaySeconds) = (
                wish.priority, wish.order, wish.startDelaySeconds
            )
            (entry.homeHost, entry.isWantedOn, entry.wantedSince) = (wish.host, wish.isStarted, version)
            add(entry, definition: wish.definition)
        case .set(let settings):
            update(settings.name) { entry in
                if let priority = settings.priority { entry.priority = priority }
                if let order = settings.order { entry.order = order }
                if let delay = settings.startDelaySeconds { entry.startDelaySeconds = delay }
                if let memory = settings.memoryMiB { entry.memoryMiB = memory }
            }
        case .start(let name, let host):
            update(name) { entry in
                if let host { entry.homeHost = host }
                if !entry.isWantedOn { entry.release = nil }
                (entry.isWantedOn, entry.wantedSince, entry.isStopForced, entry.failures) = (
                    true, version, false, 0
                )
            }
        case .stop(let name, let isForced):
            update(name) { ($0.isWantedOn, $0.wantedSince, $0.isStopForced) = (false, version, isForced) }
        case .remove(let name):
            remove(name)
        }
        ledger.add(
            .request,
            machine: request.machine,
            host: nil,
            text: "\(request.by) asked: \(request.words)",
            wallSeconds: wallSeconds
        )
    }
}

extension ManagerRequest {
    /// The request in words, for the ledger.
    var words: String {
        switch kind {
        case .register(let wish): "register it (\(wish.memoryMiB) MiB, \(wish.priority.label))"
        case .set: "change its settings"
        case .start: "start it"
        case .stop(_, let isForced): isForced ? "stop it by force" : "stop it"
        case .remove: "remove it"
        }
    }
}
