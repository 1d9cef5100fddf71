import LivesetEngine
import PoolModel

/// What an engine says of itself, kept in the trace and checked.
extension World {
    func hear(_ announcement: Announcement, from host: SimulatedHost) {
        switch announcement {
        case .started(let number, let resumed):
            host.number = number
            note(.started(number, resumed: resumed), on: host)
        case .phaseChanged(let from, let to):
            host.phase = to
            note(.phaseChanged(from: from, to: to), on: host)
        case .viewAdopted(let view): adopt(view, host)
        case .certified(let certificate):
            note(.certified(certificate), on: host)
            checkCertificate(certificate, of: host)
        case .mastershipChanged(let acting, let epoch):
            host.isActing = acting
            note(.mastership(acting, epoch), on: host)
            if acting { checkActing(host, epoch) }
        case .storageLost:
            host.isStorageLost = true
            note(.storageLost, on: host)
        case .storageBack:
            host.isStorageLost = false
            note(.storageBack, on: host)
        case .waitingToJoin(let obstacle, let set):
            host.waitsFor = (obstacle, set)
            note(.waitingToJoin(obstacle, set), on: host)
        case .selfFence(let reason, let figures):
            note(
                .selfFenceFigures(reason, figures.epoch, heard: figures.heard, members: figures.members),
                on: host
            )
        case .proposing, .ballotLost, .peerUnheard, .peerHeard, .peerSlotStale, .peerSlotFresh,
            .livingOnVouches,
            .livingOnAllLost, .holdChanged, .netOKChanged, .readBackMismatch, .watchdogRefused:
            note(announcement, host)
        }
    }

    private func note(_ announcement: Announcement, _ host: SimulatedHost) {
        switch announcement {
        case .proposing(let epoch, let about, let reason): note(.proposing(epoch, about, reason), on: host)
        case .ballotLost(let epoch): note(.ballotLost(epoch), on: host)
        case .peerUnheard(let peer, _): note(.peerUnheard(peer), on: host)
        case .peerHeard(let peer): note(.peerHeard(peer), on: host)
        case .peerSlotStale(let peer, _): note(.peerSlotStale(peer), on: host)
        case .peerSlotFresh(let peer): note(.peerSlotFresh(peer), on: host)
        case .livingOnVouches: note(.livingOnVouches, on: host)
        case .livingOnAllLost: note(.livingOnAllLost, on: host)
        case .holdChanged(let isOn): note(.holdChanged(isOn), on: host)
        case .netOKChanged(let isOK): note(.netOKChanged(isOK), on: host)
        case .readBackMismatch: note(.readBackMismatch, on: host)
        case .watchdogRefused: note(.watchdogRefused, on: host)
        case .started, .phaseChanged, .viewAdopted, .certified, .mastershipChanged, .storageLost,
            .storageBack,
            .waitingToJoin, .selfFence:
            preconditionFailure("heard in hear(_:from:)")
        }
    }

    private func adopt(_ view: View, _ host: SimulatedHost) {
        note(
            .viewAdopted(
                view.epoch,
                view.state,
                members: view.members,
                removed: view.removed,
                master: view.master
            ),
            on: host
        )
        checkAdoption(view, by: host)
        host.view = view
        host.certified = host.certified.intersection(view.removed)
        host.waitsFor = nil
    }
}
