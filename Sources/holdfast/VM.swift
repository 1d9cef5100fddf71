import ArgumentParser

/// `holdfast vm`: the machines that the pool cares for.
struct VM: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "vm",
        abstract: "List the machines of the pool, and say which are protected and how.",
        subcommands: [
            VMList.self, VMSet.self, VMRegister.self, VMStart.self, VMStop.self, VMRemove.self, VMLedger.self,
        ]
    )
}
