import ArgumentParser
import StatefileBlock

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
        var authenticator = try access.key.authenticator()
        let file = try StatefileFile.reading(try access.place())
        let contents = try StatefileContents(reading: file, authenticator: &authenticator)
        try output.show(contents) { StatefileText(contents: contents, ink: $0).all }
    }
}
