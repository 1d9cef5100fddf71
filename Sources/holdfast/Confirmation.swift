import ArgumentParser
import FoundationEssentials
import Glibc

/// Asks before something that cannot be taken back.
struct Confirmation: ParsableArguments {
    @Flag(name: .shortAndLong, help: "Do it without asking.")
    var yes = false

    /// Returns when the operator agrees; throws when he does not, or when there is nobody to ask.
    func ask(_ consequence: String) throws(CommandFailure) {
        if yes { return }
        guard isatty(STDIN_FILENO) == 1 else {
            throw CommandFailure(
                .usage,
                "\(consequence)\nNobody can be asked here; say --yes if that is wanted"
            )
        }
        print(consequence + "\nGo on? [y/N] ", terminator: "")
        fflush(nil)
        guard ["y", "yes"].contains((readLine() ?? "").lowercased()) else {
            throw CommandFailure(.usage, "nothing was done")
        }
    }
}

/// Who asks, for the record.
struct Operator: ParsableArguments {
    @Option(
        help: ArgumentHelp("Your name, for the record. (default: SUDO_USER or LOGNAME)", valueName: "name")
    )
    var by: String?

    /// The name given, else the one of the login; nil when there is none.
    var name: String? {
        let environment = ProcessInfo.processInfo.environment
        return [by, environment["SUDO_USER"], environment["LOGNAME"], environment["USER"]]
            .compactMap { $0 }.first { !$0.isEmpty }
    }

    /// The name, for acts that somebody has to answer for: the login `root` alone is nobody.
    func answerable() throws(CommandFailure) -> String {
        guard let name, by != nil || name != "root" else {
            throw CommandFailure(.usage, "this goes on record with the name of a person: add --by NAME")
        }
        return name
    }
}
