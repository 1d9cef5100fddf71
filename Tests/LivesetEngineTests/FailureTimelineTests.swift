import LivesetEngine
import PoolModel
import Simulator
import Testing

@Suite("What a failure costs, second by second (docs/TIMING.md section 7)")
struct FailureTimelineTests {
    private static let seeds: ClosedRange<UInt64> = 1...40
    /// Longer than any round of a calm world: five I/Os of 4 ms each.
    private static let roundTime = TimeSpan.milliseconds(25)

    /// When each step happened, in the order of the time line; nil where it did not.
    private func play(
        _ kind: FailureKind,
        seed: UInt64,
        hosts: Int,
        timing: Timing
    ) throws -> (world: World, seen: [TimeSpan?]) {
        let world = World(seed: seed, hosts: hosts, timing: timing)
        #expect(world.runUntilWhole(atMost: timing.certainlyDead * 4), Comment(rawValue: world.report))
        // The failure comes at any point of a round and of a heartbeat.
        world.run(for: timing.networkTimeout * 3 + .milliseconds(Int(seed) * 37))
        let victim = Int(seed) % hosts
        let start = world.now
        switch kind {
        case .power: world.powerOff(victim)
        case .storage, .vouched: world.cutStorage(of: victim)
        case .network: world.cutNetwork(of: victim)
        }
        world.run(for: timing.certainlyDead * 2)
        #expect(world.violation == nil, Comment(rawValue: world.report))
        let entries = world.trace.entries.filter { $0.time >= start }
        let name = HostIndex(victim)
        func first(_ matches: (TraceEntry) -> Bool) -> TimeSpan? {
            entries.first(where: matches).map { $0.time - start }
        }
        func last(of hosts: HostSet, _ matches: (TraceEntry) -> Bool) -> TimeSpan? {
            hosts.compactMap { host in first { $0.host == host && matches($0) } }.max()
        }
        let others = world.all.without(name)
        let unheard = last(of: others) { if case .peerUnheard(name) = $0.what { true } else { false } }
        let adopted = first {
            guard case .viewAdopted(_, _, let members, _, _) = $0.what, $0.host != name else { return false }
            return !members.contains(name)
        }
        // The ballot may have begun about something else, such as the master: its last proposal counts.
        let proposed = entries.last {
            if case .proposing = $0.what { $0.time - start <= adopted ?? .zero } else { false }
        }.map { $0.time - start }
        let certified = first {
            if case .certified(let certificate) = $0.what { certificate.host == name } else { false }
        }
        let lost = first { if case .storageLost = $0.what { $0.host == name } else { false } }
        let stopped = first {
            switch $0.what {
            case .selfFence, .leaseRanOut: $0.host == name
            default: false
            }
        }
        let reset = first { if case .reset = $0.what { $0.host == name } else { false } }
        let vouched = first { if case .livingOnVouches = $0.what { $0.host == name } else { false } }
        let steps: [TimeSpan?] =
            switch kind {
            case .power: [unheard, proposed, adopted, certified]
            case .storage: [lost, stopped, reset, reset, certified]
            case .vouched: [lost, vouched]
            case .network: [unheard, proposed, adopted, stopped, reset, certified]
            }
        return (world, steps)
    }

    private func check(_ kind: FailureKind, hosts: Int, choice: TimingChoice) throws {
        let timing = Timing(choice)
        let line = FailureTimeline(kind, timing: timing, roundTime: Self.roundTime)
        for seed in Self.seeds {
            let (world, seen) = try play(kind, seed: seed, hosts: hosts, timing: timing)
            for (step, instant) in zip(line.steps, seen) {
                let instant = try #require(instant, "seed \(seed): never: \(step.what)\n\(world.report)")
                #expect(
                    step.earliest <= instant && instant <= step.latest,
                    "seed \(seed), \(hosts) hosts: \(step.what) at \(instant), not in \(step.earliest)...\(step.latest)"
                )
            }
        }
    }

    static let choices: [TimingChoice] = [.fast, .standard, .conservative]

    @Test("power", arguments: [2, 3, 5], choices)
    func power(hosts: Int, choice: TimingChoice) throws { try check(.power, hosts: hosts, choice: choice) }

    @Test("storage of one of two hosts", arguments: choices)
    func storage(choice: TimingChoice) throws { try check(.storage, hosts: 2, choice: choice) }

    @Test("storage of one of several hosts", arguments: [3, 5], choices)
    func vouched(hosts: Int, choice: TimingChoice) throws {
        try check(.vouched, hosts: hosts, choice: choice)
    }

    @Test("network", arguments: [2, 3, 5], choices)
    func network(hosts: Int, choice: TimingChoice) throws {
        try check(.network, hosts: hosts, choice: choice)
    }

    @Test("a host is vouched for before its own lease ends, under every choice")
    func vouchedInTime() {
        for tenths in 40...6000 {
            let timing = Timing(.storageStallTolerance(.milliseconds(tenths * 100)))
            guard (try? timing.check()) != nil else { continue }
            let line = FailureTimeline(.vouched, timing: timing, roundTime: .milliseconds(25))
            #expect(line.steps[1].latest <= line.steps[2].latest, "tolerance \(tenths * 100) ms")
        }
    }
}
