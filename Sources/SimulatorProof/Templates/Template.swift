public import LivesetEngine
public import PoolModel

/// A directed scenario: a situation in which one clause matters, played in another variant by each seed.
///
/// It holds for the engine as it is, whatever the seed. A mutant is caught when it does not hold for that; a
/// clause is reached when a run passes it.
public struct Template: Sendable {
    /// Its name, as commands and lists use it.
    public let name: String
    /// What happens in it, as a sentence.
    public let about: String
    private let play: @Sendable (Stage) -> Void

    init(_ name: String, _ about: String, _ play: @escaping @Sendable (Stage) -> Void) {
        self.name = name
        self.about = about
        self.play = play
    }

    /// What a run of a template gave.
    public struct Outcome: Sendable {
        /// What went wrong, `[ORACLE] sentence`; nil when all held.
        public var failure: String?
        /// The end of the trace, where it was asked for.
        public var report: String?
        /// The clauses that were passed.
        public var reached: ClauseSet
        /// How much time passed in its worlds.
        public var simulated: TimeSpan
    }

    /// Plays the variant of `seed`.
    public func run(seed: UInt64, mutation: Mutation = Mutation(), keepsReport: Bool = false) -> Outcome {
        let stage = Stage(seed: seed, mutation: mutation, keepsReport: keepsReport)
        play(stage)
        stage.finish()
        return Outcome(
            failure: stage.failure,
            report: stage.report,
            reached: stage.reached,
            simulated: stage.simulated
        )
    }

    /// Every template.
    public static let all: [Template] =
        certificates + promises + leases + ballots + views + lives + faults + operators + guests

    /// The template of this name.
    public static func named(_ name: String) -> Template? { all.first { $0.name == name } }
}
