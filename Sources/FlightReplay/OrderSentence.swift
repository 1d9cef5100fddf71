import FlightFormat
import JournalLog
import LivesetEngine
import PoolModel

/// One order in words.
struct OrderSentence {
    /// The sentence.
    let text: String
    /// A decision, not the routine of a host that lives on.
    let decides: Bool
}

extension StepSentence {
    /// What the engine ordered; `status` is its state after the step, `formerGround` what carried the lease
    /// before.
    func of(
        _ orders: Orders,
        _ status: EngineStatus,
        formerGround: LeaseGround,
        now: MonotonicInstant
    ) -> [OrderSentence] {
        orders.list.map { order in
            switch order {
            case .renewLease(let end):
                let clause = StepSentence.clause(status.leaseGround)
                let proof =
                    status.leaseGround == .storage
                    ? ", newest good round \(at(status.lastGoodRound ?? .distantPast))" : ""
                return OrderSentence(
                    text: "lease until \(at(end)) \(clause)\(proof)",
                    decides: status.leaseGround != formerGround
                )
            case .broadcastHeartbeat:
                return OrderSentence(text: of(orders.heartbeat, sentBy: own), decides: false)
            case .startRound: return OrderSentence(text: of(orders.round), decides: false)
            case .persist(let record):
                return OrderSentence(
                    text: "write the own file: incarnation \(record.number) \(record.mark) [INC-1]",
                    decides: true
                )
            case .openWatchdog(let timeout):
                return OrderSentence(text: "open and arm the watchdog, W = \(timeout)", decides: true)
            case .disarm(let permit):
                return OrderSentence(text: "disarm the watchdog: \(permit.ground)", decides: true)
            case .selfFence: return OrderSentence(text: "stop feeding, stop every guest", decides: true)
            case .fire: return OrderSentence(text: "reset this host now", decides: true)
            case .announce(let announcement):
                let record = EventRecord(announcement, in: context(status, now: now))
                return OrderSentence(text: record.sentence, decides: true)
            }
        }
    }

    /// What a heartbeat of this host promises.
    private func of(_ heartbeat: Heartbeat, sentBy own: HostIndex) -> String {
        var granted = HostSet()
        var allLost = HostSet()
        for row in 0..<HostIndex.limit {
            switch heartbeat.echoes[HostIndex(row)].kind {
            case .grant: granted.insert(HostIndex(row))
            case .allLost: allLost.insert(HostIndex(row))
            case .none, .plain: break
            }
        }
        var text = "send heartbeat \(heartbeat.sequence)"
        if !granted.isEmpty { text += ", grants \(names(granted)) [LEASE-M]" }
        if !allLost.isEmpty { text += ", all-lost to \(names(allLost)) [LEASE-A]" }
        return text
    }

    private func of(_ round: RoundRequest) -> String {
        var text = "start round \(round.id)"
        if let slot = round.slot {
            var vouched = HostSet()
            for row in 0..<HostIndex.limit where slot.vouches[HostIndex(row)] != .none {
                vouched.insert(HostIndex(row))
            }
            text += ": slot \(slot.sequence), view \(slot.epoch)"
            if !vouched.isEmpty { text += ", vouches for \(names(vouched))" }
            if slot.ballotInstance != .zero { text += ", ballot flag for view \(slot.ballotInstance)" }
        } else {
            text += ": reads only"
        }
        if let ballot = round.ballot {
            text += "; ballot record: instance \(ballot.record.instance), mbal \(ballot.record.mbal),"
            text += " bal \(ballot.record.bal), decided \(ballot.record.decided.epoch)"
        }
        if round.readsBallots { text += "; reads all ballot blocks" }
        return text
    }
}
