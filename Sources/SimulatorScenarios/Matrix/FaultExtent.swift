import PoolModel

/// How much of a pool the faults of a scenario touch: what the bars of [LIVE-2] go by.
public enum FaultExtent: String, Sendable {
    /// No fault.
    case none = "no fault"
    /// One host, or one link of one host.
    case single = "single fault"
    /// The whole network, and nothing else.
    case network = "whole network"
    /// The whole array, and nothing else.
    case array = "whole array"
    /// More than one of these.
    case several = "several faults"

    /// The most hosts that may be fenced; nil where [LIVE-2] says nothing.
    public var mostFences: Int? {
        switch self {
        case .none, .network, .array: 0
        case .single: 1
        case .several: nil
        }
    }
}

extension Scenario {
    /// How much its faults touch, read from the acts themselves.
    public var extent: FaultExtent {
        let faults = acts.map(\.act).filter { !$0.isMending && !$0.isWish }
        guard let first = faults.first else { return .none }
        return faults.count == 1 ? extent(of: first) : .several
    }

    private func extent(of fault: Act) -> FaultExtent {
        let everybody = HostSet(first: hosts)
        switch fault {
        case .each(let fault, let hosts):
            let struck = hosts.intersection(everybody)
            if struck.count == 1 { return .single }
            return struck == everybody ? fault.extentOfAll : .several
        case .network(_, _, let hosts), .freeze(let hosts, _, _), .spoilSlots(let hosts, _),
            .watchdogTakes(let hosts, _), .watchdogResets(let hosts, _), .clockRuns(let hosts, _),
            .interrupt(let hosts, _), .forge(_, let hosts, _), .replay(_, let hosts, _):
            return hosts.intersection(everybody).count == 1 ? .single : .several
        case .link(_, let one, let other), .corrupt(_, let one, let other),
            .linkOnNetwork(_, _, let one, let other):
            let (left, right) = (one.intersection(everybody), other.intersection(everybody))
            if left.count == 1, right.count == 1 { return .single }
            // A host that is cut off from all others: its port, not a split of the pool.
            let isPort = min(left.count, right.count) == 1 && left.union(right) == everybody
            return isPort ? .single : .several
        case .change: return .several
        case .ask, .keys, .mendEverything, .startLeft, .rebootUnguarded, .enableDisabled: return .none
        }
    }
}

extension Act {
    /// Whether it is something that an operator asks for, no fault.
    fileprivate var isWish: Bool { if case .ask = self { true } else { false } }
}
