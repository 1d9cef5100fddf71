import LivesetEngine
import PoolModel
import Simulator

/// Faults of a host's parts, of single I/O and single datagrams.
extension FaultSource {
    // MARK: Storage

    mutating func storageMishap(_ host: HostSet) {
        let mishaps: [HostFault] = [.loseSession, .tearWrite, .failWrite, .failRead]
        for _ in 0...chance.below(4) {
            fault(mishaps[chance.below(mishaps.count)], host, after: span(.zero, timing.storageTimeout))
        }
    }

    mutating func poorArray() {
        let length = length()
        if chance.oneIn(2) {
            act(.change(.make("storage-fails {chance}", .number(UInt64(2 + chance.below(12))))))
            let usual = UInt64(settings.storage.failsOneIn)
            surely(.change(.make("storage-fails {chance}", .number(usual))), after: length)
        } else {
            let template = "storage-latency {span} to {span}"
            let slow = span(timing.ioDeadline / 8, timing.ioDeadline)
            act(.change(.make(template, .span(.milliseconds(1)), .span(slow))))
            let usual = settings.storage.latency
            let mended = Setting.make(template, .span(usual.lowerBound), .span(usual.upperBound))
            surely(.change(mended), after: length)
        }
    }

    // MARK: Networks

    mutating func oneNetwork(_ host: HostSet) {
        let network = 1 + chance.below(settings.network.count)
        let length = length()
        if chance.oneIn(3), let peer = peer(of: host) {
            act(.linkOnNetwork(network, isCut: true, from: host, to: peer))
            return act(.linkOnNetwork(network, isCut: false, from: host, to: peer), after: length)
        }
        let struck = chance.oneIn(3) ? HostNames.all : host
        act(.network(chance.oneIn(2) ? .cut : .silence, network, struck))
        act(.network(.plug, network, struck), after: length)
    }

    mutating func clog(_ host: HostSet) {
        if chance.oneIn(2) {
            let struck = chance.oneIn(4) ? HostNames.all : host
            return strike(struck, .clogNetwork, thenMend: .unclogNetwork)
        }
        guard let peer = peer(of: host) else { return }
        act(.link(.clog, host, peer))
        act(.link(.unclog, host, peer), after: length())
    }

    mutating func datagrams(to host: HostSet) {
        guard let peer = peer(of: host), let sender = peer.first else { return }
        for _ in 0...chance.below(6) {
            let delay = span(.zero, timing.networkTimeout)
            switch chance.below(3) {
            case 0: act(.corrupt(1 + chance.below(8), from: peer, to: host), after: delay)
            case 1:
                let forgeries = Forgery.allCases
                act(.forge(forgeries[chance.below(forgeries.count)], to: host, as: sender), after: delay)
            default: act(.replay(1 + chance.below(8), to: host, of: sender), after: delay)
            }
        }
    }

    mutating func poorNetwork() {
        let length = length()
        let manners: [(template: String, usual: Int)] = [
            ("network-loses {chance}", settings.network.losesOneIn),
            ("network-delays {chance}", settings.network.delaysOneIn),
            ("network-repeats {chance}", settings.network.repeatsOneIn),
        ]
        let (template, usual) = manners[chance.below(manners.count)]
        act(.change(.make(template, .number(UInt64(2 + chance.below(3))))))
        surely(.change(.make(template, .number(UInt64(usual)))), after: length)
    }

    // MARK: Devices

    mutating func watchdog(_ host: HostSet) {
        switch chance.below(4) {
        case 0: strike(host, .failWatchdog, thenMend: .mendWatchdog)
        case 1: strike(host, .failFeeds, thenMend: .mendFeeds)
        case 2: strike(host, .lockWatchdog, thenMend: .unlockWatchdog)
        default: act(.watchdogResets(host, chance.oneIn(2) ? .full : .none))
        }
    }

    mutating func ownFile(_ host: HostSet) {
        switch chance.below(3) {
        case 0: fault(.failFile, host)
        case 1: strike(host, .fillDisk, thenMend: .clearDisk)
        default:
            fault(.spoilFile, host)
            // It is read at the next start.
            fault(chance.oneIn(2) ? .reboot : .crashDaemon, host, after: span(.zero, timing.grace))
        }
    }

    // MARK: Operators

    /// While keys are rotated every host takes both, and each signs with either.
    static let bothKeys = Act.keys(HostNames.all, current: 1, previous: 2)

    mutating func keys(_ host: HostSet) {
        act(.keys(host, current: 2, previous: 1))
        fault(.restartDaemon, host, after: span(.zero, timing.grace))
        guard chance.oneIn(2) else { return }
        let back = length()
        act(.keys(host, current: 1, previous: 2), after: back)
        fault(.restartDaemon, host, after: back + span(.zero, timing.grace))
    }

    /// The operator sees that all others are without power, and will be for a while.
    mutating func forceForming(_ host: HostSet) {
        fault(.powerOff, HostNames.all)
        let back = span(.milliseconds(500), timing.grace)
        fault(.powerOn, host, after: back)
        let up = back + settings.hosts.bootTime.upperBound
        act(.ask(host, .forceForm), after: up + span(.zero, timing.grace))
        fault(.powerOn, HostNames.all, after: up + span(.zero, timing.certainlyDead * 2))
    }
}
