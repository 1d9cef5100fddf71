import FlightFormat
import FoundationEssentials
import LinuxPlatform
import NodeRuntime
import PoolModel

/// Where flight recordings lie on the disk: a bounded number of files, each there whole or not at all.
struct FlightFolder: Sendable {
    /// How a file is written; `WholeFile.write` but for tests.
    typealias Writing = @Sendable ([[UInt8]], _ name: String, _ directory: String) throws(SystemError) -> Void

    /// The directory.
    let directory: String
    /// How many recordings of each reason are kept; the oldest go.
    let limit: Int
    private let write: Writing

    /// What every recording's name ends with.
    static let suffix = ".flight"

    /// A folder that keeps `limit` recordings in `directory`, which is made when it is needed.
    init(
        directory: String,
        limit: Int,
        write: @escaping Writing = { pieces, name, directory throws(SystemError) in
            try WholeFile.write(pieces, as: name, in: directory)
        }
    ) {
        self.directory = directory
        self.limit = limit
        self.write = write
    }

    /// The name of a recording that is saved at this instant: `20261125T140439.123Z-self-fence.flight`.
    static func name(_ reason: FlightReason, wallNanoseconds: Int64) -> String {
        let date = Date(timeIntervalSince1970: Double(wallNanoseconds / 1_000_000) / 1000)
        let style = Date.ISO8601FormatStyle(
            dateSeparator: .omitted,
            timeSeparator: .omitted,
            includingFractionalSeconds: true
        )
        return date.formatted(style) + "-" + word(reason) + suffix
    }

    private static func word(_ reason: FlightReason) -> String {
        switch reason {
        case .asked: "asked"
        case .selfFence: "self-fence"
        }
    }

    /// Writes a recording; returns its path and size.
    ///
    /// A former one of the same name is replaced.
    func save(_ head: FlightHead, _ stretches: [FlightStretch], as name: String) throws(SystemError)
        -> (path: String, byteCount: Int)
    {
        try? FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        var pieces = [FlightFile.encode(head)]
        for stretch in stretches {
            pieces.append(
                FlightFile.encode(
                    number: stretch.number,
                    begunAt: stretch.begunAt,
                    endedAt: stretch.endedAt,
                    body: stretch.body.span
                )
            )
        }
        try write(pieces, name, directory)
        return (directory + "/" + name, pieces.reduce(0) { $0 + $1.count })
    }

    /// Removes the oldest recordings of this reason beyond the limit, so that asking for some never costs one
    /// of a fence; names sort by time.
    ///
    /// What cannot be removed stays.
    func prune(_ reason: FlightReason) {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
        let end = "-" + FlightFolder.word(reason) + FlightFolder.suffix
        let recordings = names.filter { $0.hasSuffix(end) && !$0.hasPrefix(".") }.sorted()
        for name in recordings.dropLast(limit) {
            try? FileManager.default.removeItem(atPath: directory + "/" + name)
        }
    }
}
