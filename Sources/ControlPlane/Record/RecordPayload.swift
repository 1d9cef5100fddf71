import FoundationEssentials

/// What one host's record area holds: its own report, and the newest master part that it wrote.
///
/// JSON, so that `holdfast statefile dump` shows it as it is and a later version can add fields. Not
/// compressed: a pool of a hundred machines takes some ten KiB, and a codec would be one more dependency in
/// the way of a restart.
public struct RecordPayload: Codable, Hashable, Sendable {
    /// The format that this code writes; a reader refuses a higher one.
    public static let currentFormat = 1
    /// The format it was written in.
    public var format = RecordPayload.currentFormat
    /// The host's own report.
    public var report: AgentReport
    /// The record, if this host was ever master.
    public var master: MasterPart?

    /// The payload of these parts.
    public init(report: AgentReport, master: MasterPart?) {
        self.report = report
        self.master = master
    }

    /// The bytes; the same value gives the same bytes.
    public func encoded() throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return Array(try encoder.encode(self))
    }

    /// The bytes, with so many of the oldest ledger lines dropped that they fit into `limitBytes`.
    public func encoded(limitBytes: Int) throws -> [UInt8] {
        var payload = self
        var lines = Ledger.limit
        while true {
            let bytes = try payload.encoded()
            guard bytes.count > limitBytes else { return bytes }
            guard lines > 0 else {
                throw RecordPayloadError.tooLarge(bytes: bytes.count, limitBytes: limitBytes)
            }
            lines /= 2
            payload.master?.ledger.shorten(to: lines)
        }
    }

    /// Reads the bytes of host `row`'s area.
    public init(decoding bytes: [UInt8], of row: Int, hostCount: Int) throws {
        let payload: RecordPayload
        do {
            payload = try JSONDecoder().decode(RecordPayload.self, from: Data(bytes))
        } catch {
            throw RecordPayloadError.malformed("\(error)")
        }
        guard payload.format <= RecordPayload.currentFormat else {
            throw RecordPayloadError.newerFormat(payload.format)
        }
        guard payload.report.host == row else {
            throw RecordPayloadError.malformed(
                "a report of row \(payload.report.host) stands in the area of row \(row)"
            )
        }
        if let master = payload.master { try RecordPayload.check(master, hostCount: hostCount) }
        self = payload
    }

    private static func check(_ part: MasterPart, hostCount: Int) throws {
        for machine in part.machines {
            for claim in machine.claims where !(0..<hostCount).contains(claim.host) {
                throw RecordPayloadError.malformed(
                    "\(machine.name) is claimed by row \(claim.host) of \(hostCount)"
                )
            }
        }
        guard Set(part.machines.map(\.name)).count == part.machines.count else {
            throw RecordPayloadError.malformed("a machine stands twice in the record")
        }
    }
}

/// Why the content of a record area cannot be used.
public enum RecordPayloadError: Error, Hashable, Sendable, CustomStringConvertible {
    /// It is larger than an area's copy.
    case tooLarge(bytes: Int, limitBytes: Int)
    /// It is not what this program writes.
    case malformed(String)
    /// A newer program wrote it.
    case newerFormat(Int)

    /// The sentence for the operator.
    public var description: String {
        switch self {
        case .tooLarge(let bytes, let limit):
            "the pool record needs \(bytes) bytes and a record area holds \(limit); remove machines, shorten their"
                + " definitions or format a larger statefile"
        case .malformed(let reason): "the pool record cannot be read: \(reason)"
        case .newerFormat(let format):
            "the pool record has format \(format), this manager reads up to \(RecordPayload.currentFormat);"
                + " update holdfast-manager on this host"
        }
    }
}
