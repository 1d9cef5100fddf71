import ArgumentParser
import FoundationEssentials
import Glibc

/// How a command shows what it found.
struct Output: ParsableArguments {
    /// When text is coloured.
    enum Colour: String, ExpressibleByArgument, CaseIterable {
        case auto
        case always
        case never
    }

    @Flag(help: "Print JSON for programs instead of text for people.")
    var json = false

    @Option(
        help: ArgumentHelp(
            "Colour the text: auto, always or never; NO_COLOR=1 turns auto off.",
            valueName: "when"
        )
    )
    var color = Colour.auto

    /// The pen for text.
    var ink: Ink {
        switch color {
        case .always: return Ink(isColoured: true)
        case .never: return Ink(isColoured: false)
        case .auto:
            let environment = ProcessInfo.processInfo.environment
            let isUnwanted = !(environment["NO_COLOR"] ?? "").isEmpty || environment["TERM"] == "dumb"
            return Ink(isColoured: !isUnwanted && isatty(STDOUT_FILENO) == 1)
        }
    }

    /// Prints `value` as JSON when that was asked for, else the text.
    func show(_ value: some Encodable, _ text: (Ink) -> String) throws(CommandFailure) {
        print(json ? try Output.json(value) : text(ink))
    }

    /// A value as JSON of several lines with sorted keys, or of one line.
    static func json(_ value: some Encodable, isOneLine: Bool = false) throws(CommandFailure) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        if !isOneLine { encoder.outputFormatting.insert(.prettyPrinted) }
        do {
            return String(decoding: try encoder.encode(value), as: UTF8.self)
        } catch {
            throw CommandFailure(
                .badData,
                "the answer cannot be written as JSON (\(error)); please report this"
            )
        }
    }
}
