import AdminProtocol
import ArgumentParser

/// `holdfast pool force-form` ([JOIN-4]).
struct PoolForceForm: DaemonOrder {
    static let configuration = CommandConfiguration(
        commandName: "force-form",
        abstract: "Form the liveset anew although members of the last one are not certified dead.",
        discussion: """
            After a full outage the pool forms by itself once every member of the last view has come back or \
            is certified dead. Where one never will, and nothing can prove it, you may answer for it. If one \
            of them still runs guests they will run twice: prefer 'holdfast host confirm-dead HOST' for each \
            of them.

            EXAMPLE: holdfast pool force-form --by "Ada Lovelace"
            """
    )

    @OptionGroup var asker: Operator
    @OptionGroup var confirmation: Confirmation
    @OptionGroup var connection: Connection
    @OptionGroup var output: Output

    func run() throws {
        let name = try asker.answerable()
        try confirmation.ask(
            """
            You say that no other member of the last liveset has power or runs anything.
            If that is wrong machines run twice and their disks are destroyed. On record: \(name).
            """
        )
        try order(ForceFormCommand(isConfirmed: true, by: name))
    }
}
