import ArgumentParser

/// `holdfast statefile dump`.
struct DumpStatefile: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dump",
        abstract: "Show header, slots, ballot records and views as they stand on the disk.",
        discussion: """
            Reads only, and may be used while the pool runs. A record that cannot be used is shown as that.

            EXAMPLE: holdfast statefile dump /srv/statefile --key-file /etc/holdfast/pool.key
            EXAMPLE: holdfast statefile dump --json | jq .view
            """
    )

    @OptionGroup var access: StatefileAccess
    @OptionGroup var output: Output

    func run() throws {
        let source = try access.place()
        var authenticator = try access.key.authenticator()
        let dump = try StatefileReading.dump(source, authenticator: &authenticator)
        try output.show(StatefileContents(path: "\(source)", dump: dump)) {
            StatefileText(contents: StatefileContents(path: "\(source)", dump: dump), ink: $0).all
        }
    }
}
