import AdminProtocol
import ArgumentParser
import FoundationEssentials

/// `holdfast flight save`: the recording as a file.
struct FlightSave: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "save",
        abstract: "Save the flight recording of this host's daemon.",
        discussion: """
            The daemon keeps what its engine was told in memory, and writes it to /var/lib/holdfast/flight: by itself \
            when the host stops itself, and with this command. 'holdfast-sim replay FILE' plays it.

            EXAMPLE: holdfast flight save --output /tmp/lab1.flight
            """
    )

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("Copy the recording to this file as well.", valueName: "file"),
        completion: .file()
    )
    var output: String?

    @OptionGroup var connection: Connection
    @OptionGroup var form: Output

    func run() throws {
        var saved = try connection.ask(.daemon, FlightSaveCommand())
        if let output {
            try copy(from: saved.path, to: output)
            saved.path = output
        }
        try form.show(saved) { _ in FlightSave.sentence(saved) }
    }

    /// What was saved: `FILE: 0.4 MiB, reaches 3 min 20 s back`.
    static func sentence(_ saved: FlightSaved) -> String {
        let kibibytes = (saved.byteCount + 1023) / 1024
        let size =
            kibibytes < 1024 ? "\(kibibytes) KiB" : "\(kibibytes / 1024).\(kibibytes % 1024 * 10 / 1024) MiB"
        return "\(saved.path): \(size), reaches \(TimeText.span(saved.reachMilliseconds)) back"
    }

    private func copy(from path: String, to output: String) throws(CommandFailure) {
        let content: Data
        do {
            content = try Data(contentsOf: URL(filePath: path))
        } catch {
            throw CommandFailure(.missing, "the daemon saved \(path), which cannot be read here: \(error)")
        }
        do {
            try content.write(to: URL(filePath: output), options: .atomic)
        } catch {
            throw CommandFailure(
                .notWritten,
                "\(output) was not written: \(error); the recording is in \(path)"
            )
        }
    }
}
