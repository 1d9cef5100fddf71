import ArgumentParser

/// The simulator's command line.
@main
struct HoldfastSim: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "holdfast-sim",
        abstract: "Plays faults against simulated pools and checks every promise.",
        subcommands: [Exhaust.self]
    )
}
