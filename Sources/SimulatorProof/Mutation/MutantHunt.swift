#if HOLDFAST_MUTANTS
    public import LivesetEngine

    /// Looks for a run in which a mutant breaks a promise.
    public enum MutantHunt {
        /// What came of one mutant.
        public struct Result: Sendable {
            /// The mutant.
            public let mutant: Mutant
            /// Who caught it, or that it is proved equivalent; nil when it survived.
            public let catcher: Catcher?
            /// The promise that broke, `[ORACLE] sentence`; nil when nothing ran or nothing broke.
            public let failure: String?
            /// How many runs that took.
            public let runs: Int
            /// How long that took.
            public let length: Duration

            /// The oracle that fired: `SAFE-1`.
            public var oracle: String? {
                failure.map { String($0.drop { $0 == "[" }.prefix { $0 != "]" }) }
            }
        }

        /// How many other seeds of its template are tried when the known one catches a mutant no more.
        private static let otherSeeds: UInt64 = 60

        /// Runs the known catcher of `mutant`; where that has shifted, other seeds of the same template.
        public static func recheck(_ mutant: Mutant) -> Result {
            let clock = ContinuousClock()
            let start = clock.now
            var runs = 0
            for catcher in [mutant.catcher] + others(than: mutant.catcher) {
                if catcher == .equivalent { break }
                runs += 1
                guard let failure = play(catcher, Mutation(mutant)) else { continue }
                return Result(
                    mutant: mutant,
                    catcher: catcher,
                    failure: failure,
                    runs: runs,
                    length: clock.now - start
                )
            }
            let isProved = mutant.catcher == .equivalent
            return Result(
                mutant: mutant,
                catcher: isProved ? .equivalent : nil,
                failure: nil,
                runs: runs,
                length: clock.now - start
            )
        }

        private static func others(than catcher: Catcher) -> [Catcher] {
            switch catcher {
            case .template(let name, _): (1...otherSeeds).map { .template(name, seed: $0) }
            case .swarm(let hosts, _): (1...otherSeeds).map { .swarm(hosts: hosts, seed: $0) }
            case .equivalent: []
            }
        }

        /// Plays templates and then swarm seeds until one catches `mutant`, or `limit` is over.
        public static func search(_ mutant: Mutant, limit: Duration, seeds: UInt64) -> Result {
            let clock = ContinuousClock()
            let start = clock.now
            var runs = 0
            for catcher in candidates(seeds: seeds) {
                if clock.now - start > limit { break }
                runs += 1
                guard let failure = play(catcher, Mutation(mutant)) else { continue }
                return Result(
                    mutant: mutant,
                    catcher: catcher,
                    failure: failure,
                    runs: runs,
                    length: clock.now - start
                )
            }
            return Result(mutant: mutant, catcher: nil, failure: nil, runs: runs, length: clock.now - start)
        }

        /// Every template with a few seeds, then the swarm and more seeds by turns.
        private static func candidates(seeds: UInt64) -> some Sequence<Catcher> {
            (1...max(1, seeds)).lazy.flatMap { seed in
                Template.all.map { Catcher.template($0.name, seed: seed) }
                    + (2...4).map { Catcher.swarm(hosts: $0, seed: seed) }
            }
        }

        private static func play(_ catcher: Catcher, _ mutation: Mutation) -> String? {
            switch catcher {
            case .template(let name, let seed):
                Template.named(name)?.run(seed: seed, mutation: mutation).failure
            case .swarm(let hosts, let seed): SwarmRun(hosts: hosts, seed: seed, mutation: mutation).failure
            case .equivalent: nil
            }
        }
    }
#endif
