import ArgumentParser
import FlightReplay
import SimulatorScenarios

/// Plays a scenario that once broke a promise, or what a daemon recorded in the field.
struct Replay: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Play what a swarm found, or what a daemon recorded in the field, step by step.",
        discussion: """
            A scenario: the file's last line says what was found and the hash of that run's trace. The same \
            code gives the same hash on every machine; a changed code may give another one, or hold.

            A recording is what 'holdfast flight save' or a self-fence leaves in /var/lib/holdfast/flight. Each step \
            is taken by the engine of this program; a hash of its orders shows whether it decides as the recorded \
            one did.

            EXAMPLE: holdfast-sim replay swarm-77.scenario --tail 60
            EXAMPLE: holdfast-sim replay lab1.flight --from -30s --decisions-only
            """
    )

    @Argument(help: "The scenario or the recording.", completion: .file(extensions: ["scenario", "flight"]))
    var file: String

    @Option(help: "How many of the last events to print when something does not hold.")
    var tail = 40

    @Flag(help: "Print the decisions of the run.")
    var trace = false

    @Flag(help: "Print the datagrams, rounds and feeds among the last events as well.")
    var chatter = false

    @OptionGroup var recording: ReplayFlight

    func run() throws {
        if FlightReplay.isRecording(file) { return try playRecording() }
        let scenario = try ScenarioFile(path: file).scenario
        print("seed \(scenario.seed), \(scenario.hosts) hosts: \(scenario.title)")
        let playback = scenario.play(hashesTrace: true, tracesChatter: chatter)
        if trace { print(playback.goldenTrace, terminator: "") }
        if let failure = playback.failures.first {
            if tail > 0 {
                print(playback.tail.split(separator: "\n").suffix(tail).joined(separator: "\n"))
            }
            print("FAILED \(failure.reason)")
        } else {
            print("held   until \(playback.simulated)")
        }
        print("trace  \(String(playback.traceHash, radix: 16))\(chatter ? " (with chatter)" : "")")
        if let found = scenario.found { print(comparison(found, playback)) }
        if !playback.holds { throw SimExit.broken }
    }

    private func playRecording() throws {
        do {
            if try !recording.play(file) { throw SimExit.broken }
        } catch let failure as ReplayFailure {
            throw SimExit.usage("holdfast-sim: \(failure)")
        }
    }

    private func comparison(_ found: Scenario.Finding, _ playback: Playback) -> String {
        guard let now = playback.finding else {
            return "found  \(found.broke) at \(found.time) once; it holds now"
        }
        if chatter { return "found  \(found.broke) at \(found.time) once" }
        if now == found { return "found  the same, by the same trace" }
        return now.broke == found.broke
            ? "found  the same by another trace: at \(found.time) once, at \(now.time) now"
            : "found  \(found.broke) at \(found.time) once, something else now"
    }
}
