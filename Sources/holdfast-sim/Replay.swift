import ArgumentParser
import FlightReplay

/// Plays a field recording.
struct Replay: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Play a flight recording step by step, and show what was decided and why.",
        discussion: """
            A recording is what 'holdfast flight save' or a self-fence leaves in /var/lib/holdfast/flight. Each step \
            is taken by the engine of this program; a hash of its orders shows whether it decides as the recorded \
            one did. Exit status: 0 it does, 1 it does not or a part is damaged, 65 no recording that it can play.

            EXAMPLE: holdfast-sim replay lab1.flight --from -30s --decisions-only
            """
    )

    @Argument(help: "The recording.", completion: .file(extensions: ["flight"]))
    var file: String

    @OptionGroup var recording: ReplayFlight

    func run() throws {
        do {
            if try !recording.play(file) { throw ExitCode(1) }
        } catch let failure as ReplayFailure {
            print("holdfast-sim: \(failure)")
            throw ExitCode(65)
        }
    }
}
