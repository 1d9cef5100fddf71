import ArgumentParser

/// The simulator's command line.
@main
struct HoldfastSim: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "holdfast-sim",
        abstract: "Plays what happened in the field with the engine of this program.",
        subcommands: [Replay.self]
    )
}
