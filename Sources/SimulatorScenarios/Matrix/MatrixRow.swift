import LivesetEngine
public import PoolModel
import Simulator

/// One case of the fault matrix: what xhad does, what we did in this run, and whether that is what we
/// promise.
public struct MatrixRow: Sendable {
    /// The name of the scenario's file.
    public let name: String
    /// The case in words.
    public let title: String
    /// How many hosts.
    public let hosts: Int
    /// What xhad does.
    public let xhad: String
    /// What happened in the run.
    public let outcome: String
    /// Why that is safe, or better.
    public let why: String
    /// How much of the pool the fault touches.
    public let extent: FaultExtent
    /// The hosts that were fenced.
    public let fenced: HostSet
    /// What did not hold; empty when all did.
    public let failures: [String]

    /// Whether promises, expectations and the bar of [LIVE-2] held.
    public var holds: Bool { failures.isEmpty }

    /// The row of a scenario and one run of it.
    public init(name: String, _ scenario: Scenario, _ playback: Playback) {
        self.name = name
        title = scenario.title
        hosts = scenario.hosts
        xhad = scenario.xhad.joined(separator: " ")
        why = scenario.why.joined(separator: " ")
        extent = scenario.extent
        fenced = playback.chronicle.fenced()
        outcome = MatrixRow.outcome(of: scenario, playback)
        var failures = playback.failures.map(\.reason)
        if let most = scenario.extent.mostFences, fenced.count > most {
            let names = HostNames.list(fenced)
            failures.append("[LIVE-2] \(scenario.extent.rawValue) stopped \(names); at most \(most) may stop")
        }
        self.failures = failures
    }

    /// `lab1 fences (4.1 s); lab2, lab3 stay`, counted from the first fault.
    private static func outcome(of scenario: Scenario, _ playback: Playback) -> String {
        let start = scenario.firstFault ?? .zero
        var parts: [String] = []
        var down = HostSet()
        for timed in scenario.acts {
            if case .each(.powerOff, let hosts) = timed.act { down = down.union(hosts) }
        }
        for fence in playback.chronicle.fences where !down.contains(fence.host) {
            down.insert(fence.host)
            parts.append("\(HostNames.name(fence.host)) fences (\(after(start, fence.time)))")
        }
        for entry in playback.chronicle.decisions {
            guard case .disarmed(.left) = entry.what, !down.contains(entry.host) else { continue }
            down.insert(entry.host)
            parts.append("\(HostNames.name(entry.host)) left")
        }
        let rest = HostSet(first: scenario.hosts).subtracting(down)
        parts.append(
            rest.isEmpty ? "nobody stays" : "\(HostNames.list(rest)) \(rest.count > 1 ? "stay" : "stays")"
        )
        let holds = playback.chronicle.decisions.contains {
            if case .holdChanged(true) = $0.what { true } else { false }
        }
        if holds { parts.append("hold") }
        let restarts = playback.chronicle.lost.compactMap { $0.restart?.time }
        if let last = restarts.max() { parts.append("machines back (\(after(start, last)))") }
        return parts.joined(separator: "; ")
    }

    /// Seconds with one decimal since `start`.
    private static func after(_ start: TimeSpan, _ time: TimeSpan) -> String {
        let tenths = ((time - start).nanoseconds + 50_000_000) / 100_000_000
        return "\(tenths / 10).\(tenths % 10) s"
    }
}
