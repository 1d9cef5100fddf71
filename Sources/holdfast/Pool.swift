import ArgumentParser

/// `holdfast pool`: what an operator does about the pool as a whole.
struct Pool: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Turn high availability on and off, move the master, make the pool's key.",
        subcommands: [
            PoolDisable.self, PoolEnable.self, PoolSetMaster.self, PoolForceForm.self, PoolKey.self,
        ]
    )
}
