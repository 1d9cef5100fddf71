import ArgumentParser

/// `holdfast pool key`: the secret that authenticates heartbeats and records.
struct PoolKey: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "key",
        abstract: "Make the secret that authenticates heartbeats and the statefile's records.",
        subcommands: [PoolKeyNew.self]
    )
}
