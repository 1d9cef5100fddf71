import LivesetEngine
import PoolModel

/// Where a search of whole engines begins.
public enum PoolStart: String, Hashable, Sendable, CaseIterable {
    /// Every host is a member, and has been for long.
    case formed
    /// A ballot for a view without the last host is under way.
    case ballot
    /// The last host lost its path to the disk and lives on vouches.
    case vouched
    /// Every path is lost and the pool lives on all-lost echoes.
    case allLost = "all-lost"
    /// The last host lost its power, was removed and certified dead, has booted, and asks to be let in.
    case joiner

    /// Longer than every age that a rule compares: what was before is forgotten.
    private static let calm = 40

    /// The situation; nil when it does not come about, which is a defect of the engine or of the search.
    func situation(hostCount: Int, on bench: PoolBench) -> Situation? {
        let situation = Situation(hostCount: hostCount)
        for host in situation.hosts { situation.boot(host, bench) }
        guard situation.run(on: bench, until: { $0.isWhole(hostCount) }) else { return nil }
        for _ in 0..<PoolStart.calm { situation.advance([], on: bench) }
        guard lead(situation, hostCount, bench), situation.violation == nil else { return nil }
        for host in situation.hosts { host.wasStopped = false }
        return situation
    }

    private func lead(_ situation: Situation, _ hostCount: Int, _ bench: PoolBench) -> Bool {
        let last = HostIndex(hostCount - 1)
        switch self {
        case .formed:
            return true
        case .ballot:
            situation.advance([.askedOut(last, by: HostIndex(0))], on: bench)
            return situation.run(on: bench) { situation in
                situation.newest.contains { $0.newest.instance > situation.published }
            }
        case .vouched:
            situation.advance([.pathLost(last)], on: bench)
            return situation.run(on: bench) { $0.ground(of: last) == .vouched }
        case .allLost:
            situation.advance([.arrayLost], on: bench)
            return situation.run(on: bench) { situation in
                situation.hosts.allSatisfy { situation.ground(of: $0.row) == .allLost }
            }
        case .joiner:
            situation.advance([.powerOff(last)], on: bench)
            for _ in 0..<PoolStart.calm { situation.advance([], on: bench) }
            guard situation.views.last?.members.contains(last) == false else { return false }
            situation.advance([.boot(last)], on: bench)
            return situation.run(on: bench) { $0.slots[last.row].slot.phase == .joining }
        }
    }
}

extension Situation {
    /// Lets steps pass in which all goes well, until `isThere`; false when it never is.
    fileprivate func run(on bench: PoolBench, until isThere: (Situation) -> Bool) -> Bool {
        for _ in 0..<200 {
            if isThere(self) { return violation == nil }
            advance([], on: bench)
        }
        return false
    }

    /// Every host is a member of an active pool and one acts as master.
    fileprivate func isWhole(_ hostCount: Int) -> Bool {
        guard let view = views.last, view.state == .active, view.members.count == hostCount else { return false }
        return hosts.allSatisfy { $0.adoptedEpoch == view.epoch } && hosts.contains(where: \.isActing)
    }

    /// What the lease of `host` rests on.
    fileprivate func ground(of host: HostIndex) -> LeaseGround {
        hosts[host.row].engine?.status(now: now).leaseGround ?? .none
    }
}
