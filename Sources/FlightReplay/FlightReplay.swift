public import FlightFormat
import FoundationEssentials
import LivesetEngine
import PoolModel

/// Plays a field recording with the engine of this program, and shows each step and what was decided.
public enum FlightReplay {
    /// What came of a replay.
    public struct Outcome: Sendable, Equatable {
        /// Steps that were played.
        public var stepCount = 0
        /// Steps that ordered something.
        public var orderingCount = 0
        /// Steps that this program's engine decides differently.
        public var differentCount = 0
        /// Segments that are damaged, missing, or do not go on from the one before them.
        public var brokenCount = 0

        /// Whether everything was played, and decided as it was recorded.
        public var isFaithful: Bool { differentCount == 0 && brokenCount == 0 }
    }

    /// Whether the file begins as a recording does, so that one command can serve scenarios as well.
    public static func isRecording(_ file: String) -> Bool {
        guard let content = try? Data(contentsOf: URL(filePath: file), options: .mappedIfSafe) else {
            return false
        }
        return content.starts(with: FlightFile.magic)
    }

    /// Plays `file` and prints what `options` ask for.
    @discardableResult
    public static func print(file: String, options: ReplayOptions = ReplayOptions()) throws(ReplayFailure)
        -> Outcome
    {
        try play(file: file, options: options) { Swift.print($0) }
    }

    /// Plays `file` and gives each line to `show`.
    public static func play(
        file: String,
        options: ReplayOptions,
        show: (String) -> Void
    ) throws(ReplayFailure) -> Outcome {
        let bytes: [UInt8]
        do {
            bytes = Array(try Data(contentsOf: URL(filePath: file)))
        } catch {
            let isThere = FileManager.default.fileExists(atPath: file)
            throw .unreadable(
                path: file,
                reason: isThere ? "it is no file that this user may read" : "there is no such file"
            )
        }
        do throws(FlightDamage) {
            return try play(bytes, options: options, show: show)
        } catch {
            throw .damaged(path: file, error)
        }
    }

    /// Plays the bytes of a recording and gives each line to `show`.
    public static func play(
        _ bytes: [UInt8],
        options: ReplayOptions,
        show: (String) -> Void
    ) throws(FlightDamage) -> Outcome {
        let file = try FlightFile(reading: bytes.span)
        var run = ReplayRun(file, options: options)
        run.showHead(show)
        for segment in file.segments { try run.play(segment, of: bytes, show) }
        run.showEnd(show)
        return run.outcome
    }
}
