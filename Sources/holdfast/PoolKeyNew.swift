import ArgumentParser
import FoundationEssentials
import Glibc

/// `holdfast pool key new`.
struct PoolKeyNew: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "new",
        abstract: "Write a new key to a file that only its owner can read.",
        discussion: """
            Never overwrites a file. Copy the file to the same place on every host of the pool, over a way \
            that nobody else can read, before the statefile is formatted.

            EXAMPLE: holdfast pool key new /etc/holdfast/pool.key
            """
    )

    @Argument(help: "The file to make.", completion: .file())
    var file: String

    @OptionGroup var output: Output

    /// What was made; the key itself is never shown.
    struct Made: Encodable {
        let file: String
        let bytes: Int
    }

    func run() throws {
        guard !FileManager.default.fileExists(atPath: file) else {
            throw CommandFailure(
                .notWritten,
                "\(file) exists and is left as it is: overwriting a key locks this host out of its pool. "
                    + "Name another file, or move this one away"
            )
        }
        var generator = SystemRandomNumberGenerator()
        let key = (0..<32).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
        let digits = key.map { byte in
            let text = String(byte, radix: 16)
            return text.count == 1 ? "0" + text : text
        }
        // Set before the file exists, so that there is no moment in which another user could open it.
        umask(0o077)
        do {
            try Data((digits.joined() + "\n").utf8).write(
                to: URL(filePath: file),
                options: .withoutOverwriting
            )
        } catch {
            throw CommandFailure(.notWritten, "\(file) could not be written: \(FileWords.of(error))")
        }
        try output.show(Made(file: file, bytes: key.count)) { _ in
            "\(file): a new key of 32 bytes, readable by you alone. Copy it to every host of the pool."
        }
    }
}
