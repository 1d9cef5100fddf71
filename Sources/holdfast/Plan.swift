import ArgumentParser
import ControlPlane
import FoundationEssentials

/// `holdfast plan`: how many host failures the pool can take, and why no more.
struct Plan: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan",
        abstract: "Say how many host failures a pool can take, what breaks it beyond, and what would help.",
        discussion: """
            Needs no root and no daemon: it asks the planner about a saved pool. n failures hold when n hosts \
            can fail one after the other, whichever they are and in whatever order, restarted machines stay \
            where they were put, and every protected machine finds a place each time.

            Machines that are bound to one host are named and do not spoil the plan of the others.

            EXAMPLE: holdfast plan --from pool.json --failures 1 --explain
            EXAMPLE: holdfast plan --from pool.json --fail lab1,lab2 --json
            """
    )

    @Option(
        help: ArgumentHelp("The saved pool; - for standard input.", valueName: "file"),
        completion: .file()
    )
    var from: String

    @Option(help: ArgumentHelp("How many failures it is to take.", valueName: "n"))
    var failures = 0

    @Option(help: ArgumentHelp("These hosts have failed already; commas between them.", valueName: "hosts"))
    var fail: String?

    @Flag(help: "Say what breaks the pool with one failure more, and what would help.")
    var explain = false

    @Flag(help: "Exit with 3 when there is no plan for the failures asked about.")
    var check = false

    @OptionGroup var output: Output

    func validate() throws {
        guard (0...64).contains(failures) else {
            throw ValidationError("--failures \(failures): a pool has at most 64 hosts, so 0 to 64")
        }
    }

    func run() throws {
        let pool = try SavedPoolFile.read(from)
        let names = (fail ?? "").split(separator: ",").map { $0.trimmed }.filter { !$0.isEmpty }
        let answer: PoolAnswer
        do throws(SavedPoolError) {
            answer = try PoolQuestion(pool, failing: names).answer(failures: failures)
        } catch {
            throw CommandFailure(.badData, "\(from): \(error)")
        }
        try output.show(answer) { PlanText(answer: answer, failed: names, explains: explain, ink: $0).text }
        if check, !answer.planExists { throw ExitCode(ExitStatus.reduced.rawValue) }
    }
}

/// Saved pools as files.
enum SavedPoolFile {
    static func read(_ path: String) throws(CommandFailure) -> SavedPool {
        let text: Data
        do {
            text = path == "-" ? try Self.standardInput() : try Data(contentsOf: URL(filePath: path))
        } catch {
            throw CommandFailure(.missing, "\(path) cannot be read: \(error)")
        }
        do {
            return try JSONDecoder().decode(SavedPool.self, from: text)
        } catch let error as DecodingError {
            throw CommandFailure(.badData, "\(path) is no saved pool: \(words(error))")
        } catch {
            throw CommandFailure(.badData, "\(path) is no saved pool: \(error)")
        }
    }

    private static func standardInput() throws -> Data {
        var data = Data()
        while let line = readLine(strippingNewline: false) { data.append(contentsOf: line.utf8) }
        return data
    }

    private static func words(_ error: DecodingError) -> String {
        func place(_ context: DecodingError.Context) -> String {
            let path = context.codingPath.map { $0.intValue.map { "[\($0)]" } ?? ".\($0.stringValue)" }
                .joined()
            return path.isEmpty ? "at the top" : "at \(path.drop { $0 == "." })"
        }
        return switch error {
        case .keyNotFound(let key, let context): "'\(key.stringValue)' is missing \(place(context))"
        case .typeMismatch(let type, let context): "\(type) is wanted \(place(context))"
        case .valueNotFound(let type, let context): "\(type) is wanted \(place(context)), there is null"
        case .dataCorrupted(let context): "\(context.debugDescription) \(place(context))"
        @unknown default: "\(error)"
        }
    }
}

extension Substring {
    /// The text without the blanks around it.
    fileprivate var trimmed: String {
        var text = self.drop { $0 == " " }
        while text.hasSuffix(" ") { text.removeLast() }
        return String(text)
    }
}
