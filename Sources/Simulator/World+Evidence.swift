import LivesetEngine
import PoolModel

/// Sharper checks: each promise and claim against the evidence that the world saw itself.
extension World {
    func noteSend(_ heartbeat: borrowing Heartbeat, of host: SimulatedHost, at now: MonotonicInstant) {
        host.evidence.note(heartbeat, at: now)
    }

    func notePromise(_ heartbeat: borrowing Heartbeat, to host: SimulatedHost) {
        host.evidence.take(heartbeat.echoes[host.index])
    }

    /// [DEAD-1]: the read that a certificate rests on was issued at or after E + D ([TIME-2]).
    func checkRead(behind certificate: DeathCertificate, of witness: SimulatedHost) {
        guard certificate.clause == .leaseExpiry else { return }
        let due = certificate.evidenceFrom + certificate.bound
        if witness.result.readIssuedAt < due {
            broken(
                "DEAD-1",
                "\(witness.index) certified \(certificate.host) on a read issued before \(due)"
            )
        }
    }

    /// [LEASE-S]: a round that shows a newer view than the adopted one gives no lease.
    func checkNewestView(_ host: SimulatedHost, until: MonotonicInstant) {
        guard pendingProof(host) != .distantPast, until == host.result.issuedAt + host.settings.timing.grace
        else { return }
        for row in 0..<settings.hostCount where row != host.index.row {
            let reading = host.result.slots[row]
            guard reading.verdict == .valid, reading.slot.epoch > host.view.epoch else { continue }
            broken("LEASE-S", "\(host.index) has a lease from a round that showed view \(reading.slot.epoch)")
        }
    }

    /// [LEASE-M]: a grant is given only after a round that wrote the vouch succeeded.
    func checkVouch(_ host: SimulatedHost, _ peer: HostIndex) {
        let number = host.orders.heartbeat.echoes[peer].number
        let pending = pendingProof(host) == .distantPast ? .none : host.request.slot?.vouches[peer] ?? .none
        if host.evidence.vouches[peer] != number, pending != number {
            broken("I8", "\(host.index) grants to \(peer) without a vouch on the disk")
        }
    }

    /// [VIEW-6]: a master acts only while a lease by storage carries it.
    func checkActing(_ host: SimulatedHost, _ now: MonotonicInstant) {
        guard host.isActing, !host.ordersAreLate else { return }
        let proof = max(host.lastGoodRound, pendingProof(host))
        if now > proof + host.settings.timing.grace {
            broken("VIEW-6", "\(host.index) acts as master without a lease by storage")
        }
    }

    /// [VIEW-6]: the view that a master acts in stands in its own ballot block.
    func checkOwnBlock(_ host: SimulatedHost) {
        if disk.newest[host.index.row].newest.decided.epoch < host.view.epoch {
            broken("VIEW-6", "\(host.index) acts as master, and its own block lacks view \(host.view.epoch)")
        }
    }
}
