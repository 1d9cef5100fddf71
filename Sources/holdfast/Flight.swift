import ArgumentParser

/// `holdfast flight`: what this host's daemon was told, kept for a look afterwards.
struct Flight: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Save what the daemon of this host was told and decided, step by step.",
        subcommands: [FlightSave.self]
    )
}
