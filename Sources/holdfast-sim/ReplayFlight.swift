import ArgumentParser
import FlightReplay
import PoolModel

/// How much of a field recording `replay` shows.
struct ReplayFlight: ParsableArguments {
    // A place that counts from the end begins with a dash.
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Recordings: show from here on, counted from the beginning, or from the end: 90s, 1.5min, -30s.",
            valueName: "time"
        )
    )
    var from: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Recordings: show up to here, in the same way.", valueName: "time")
    )
    var to: String?

    @Flag(help: "Recordings: leave out steps that decided nothing.")
    var decisionsOnly = false

    @Flag(help: "Recordings: print one JSON object a line for programs.")
    var json = false

    func validate() throws { _ = try options() }

    private func options() throws -> ReplayOptions {
        var options = ReplayOptions()
        options.from = try place(from, "--from")
        options.to = try place(to, "--to")
        (options.decisionsOnly, options.json) = (decisionsOnly, json)
        return options
    }

    private func place(_ text: String?, _ name: String) throws -> TimeSpan? {
        guard let text else { return nil }
        if let place = ReplayOptions.place(text) { return place }
        throw ValidationError("\(name) \(text) is no time such as 90s, 1.5min or -30s")
    }

    /// Plays the recording; whether this program decides as the recorded one did.
    func play(_ file: String) throws -> Bool {
        try FlightReplay.print(file: file, options: options()).isFaithful
    }
}
