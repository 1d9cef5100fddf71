import ArgumentParser

/// `holdfast statefile`: the shared sectors.
struct Statefile: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Make, show and check the shared sectors of a pool.",
        subcommands: [FormatStatefile.self, DumpStatefile.self, CheckStatefile.self]
    )
}
