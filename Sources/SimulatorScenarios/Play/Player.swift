import LivesetEngine
import PoolModel
import Simulator

extension Scenario {
    /// Plays the scenario in a world of its own.
    ///
    /// The world runs from instant to instant: what is due at an instant is done after all events up to it,
    /// so that the same text gives the same trace wherever it came from. The first thing that does not hold
    /// ends the run. `hashesTrace` asks for the hash even when all holds; it costs more than many a run.
    public func play(hashesTrace: Bool = false, tracesChatter: Bool = false) -> Playback {
        var player = Player(self, tracesChatter: tracesChatter)
        return player.play(hashesTrace: hashesTrace)
    }

    /// The settings of the world that the scenario plays in.
    func worldSettings() -> WorldSettings {
        var world = WorldSettings(seed: seed, hosts: hosts, timing: Timing(timing))
        for setting in settings { setting.apply(to: &world) }
        return world
    }

    /// The world at its start.
    func makeWorld(tracesChatter: Bool = false) -> World {
        var settings = worldSettings()
        settings.tracesChatter = tracesChatter
        let world = World(settings)
        for host in 0..<hosts {
            world.configure(host) { engine in
                for setting in self.settings { setting.apply(to: &engine) }
                // Who says that a path repeats writes has told the hosts so; else the world would cheat.
                engine.pathMayRepeatWrites = settings.storage.repeatsOneIn > 0
            }
        }
        return world
    }
}

/// Plays one scenario once.
struct Player {
    /// Something to do when the world has come to an instant.
    private struct Due {
        let time: TimeSpan
        let what: What
    }

    private enum What {
        case act(Act)
        case look(StateClaim, Expectation)
    }

    private let scenario: Scenario
    private let world: World
    private let agenda: [Due]
    private var result = Playback()

    init(_ scenario: Scenario, tracesChatter: Bool) {
        self.scenario = scenario
        world = scenario.makeWorld(tracesChatter: tracesChatter)
        agenda = Player.agenda(of: scenario)
    }

    /// All that is due, earliest first; at the same instant first what is looked at, then what is done.
    private static func agenda(of scenario: Scenario) -> [Due] {
        var agenda: [Due] = []
        for expectation in scenario.expectations {
            guard case .state(let claim, let instant) = expectation, instant != .end else { continue }
            agenda += instant.looks(end: scenario.end).map {
                Due(time: $0, what: .look(claim, expectation))
            }
        }
        agenda += scenario.acts.map { Due(time: $0.time, what: .act($0.act)) }
        let order = agenda.indices.sorted {
            (agenda[$0].time, $0) < (agenda[$1].time, $1)
        }
        return order.map { agenda[$0] }
    }

    mutating func play(hashesTrace: Bool) -> Playback {
        for due in agenda where result.failures.isEmpty {
            guard reach(due.time) else { break }
            switch due.what {
            case .act(let act): act.carryOut(in: world)
            case .look(let claim, let expectation): look(claim, expectation)
            }
        }
        if result.failures.isEmpty { finish() }
        result.simulated = world.now
        result.events = world.eventCount
        if hashesTrace || !result.failures.isEmpty { result.traceHash = TraceHash(of: world.trace).value }
        if !result.failures.isEmpty { result.tail = world.reportTail(400) }
        return result
    }

    /// Lets time pass up to an instant; false when a promise broke on the way.
    private mutating func reach(_ time: TimeSpan) -> Bool {
        if time > world.now { world.run(for: time - world.now) }
        return keepsPromises()
    }

    /// Takes note of what happened, and of a promise that broke.
    private mutating func keepsPromises() -> Bool {
        result.chronicle.take(from: world)
        guard let violation = world.violation else { return true }
        let promise = violation.dropFirst().prefix { $0 != "]" }
        fail(String(promise), isPromise: true, violation)
        return false
    }

    private mutating func fail(_ kind: String, isPromise: Bool, _ reason: String) {
        result.failures.append(
            Playback.Failure(kind: kind, isPromise: isPromise, time: world.now, reason: reason)
        )
    }

    private mutating func look(_ claim: StateClaim, _ expectation: Expectation) {
        guard let seen = StateJudge(world: world, chronicle: result.chronicle).objection(to: claim) else {
            return
        }
        fail(expectation.kind, isPromise: false, "expected \(expectation.text); at \(world.now) \(seen)")
    }

    private mutating func finish() {
        switch scenario.ending {
        case .after(let time): guard reach(time) else { return }
        case .whenWhole(let limit):
            guard becomesWhole(by: limit) else { return }
        }
        let judge = EventJudge(chronicle: result.chronicle, all: world.all)
        for expectation in scenario.expectations {
            switch expectation {
            case .state(let claim, .end): look(claim, expectation)
            case .state: break
            case .event(let claim, let period):
                guard let seen = judge.objection(to: claim, period) else { continue }
                fail(expectation.kind, isPromise: false, "expected \(expectation.text); seen: \(seen)")
            }
        }
    }

    /// Lets time pass until the pool is whole and every machine runs; false when that is not so by then.
    private mutating func becomesWhole(by limit: TimeSpan) -> Bool {
        while world.runUntilWhole(atMost: limit - world.now), !world.areGuestsPlaced, world.now < limit {
            world.run(for: .milliseconds(100))
        }
        guard keepsPromises() else { return false }
        let judge = StateJudge(world: world, chronicle: result.chronicle)
        guard let seen = judge.objection(to: .whole) ?? judge.objection(to: .machinesRun) else { return true }
        fail("LIVE-1", isPromise: true, "[LIVE-1] the pool is not whole by \(limit): \(seen)")
        return false
    }
}
