import PoolModel
import StatefileLayout
import StatefileMedium

/// Everything that a statefile says, with names, for people and programs.
struct StatefileContents: Encodable {
    let path: String
    let byteCount: Int
    let usedBytes: Int
    let blockBytes: Int
    let isDirect: Bool
    let generation: String
    let hosts: [String]
    let timing: String
    let largestDSeconds: Double
    let createdAtUnixSeconds: Int64
    let slots: [SlotContent]
    let ballots: [BallotContent]
    let poolRecords: [PoolRecordContent]
    /// The newest decided view of any ballot block.
    let view: ViewContent?

    /// The contents that were read from `path`.
    init(path: String, dump: StatefileDump) {
        let header = dump.header
        self.path = path
        byteCount = header.geometry.deviceBytes
        usedBytes = header.geometry.usedBytes
        blockBytes = header.geometry.blockBytes
        isDirect = dump.isDirect
        generation = PoolID.text(header.generation)
        hosts = header.hostNames
        timing = StatefileContents.words(header.timing)
        largestDSeconds = header.largestD.inSeconds
        createdAtUnixSeconds = header.createdAtUnixSeconds
        slots = dump.slots.map { SlotContent($0, names: header.hostNames) }
        ballots = dump.ballots.map { BallotContent($0, names: header.hostNames) }
        poolRecords = dump.poolRecords.map { PoolRecordContent($0) }
        view = ballots.compactMap(\.decided).max { $0.epoch < $1.epoch }
    }

    private static func words(_ choice: TimingChoice) -> String {
        switch choice {
        case .conservative: "conservative"
        case .standard: "default"
        case .fast: "fast"
        case .storageStallTolerance(let stall): "storage-stall-tolerance \(stall)"
        }
    }
}

/// One copy of a host's pool record.
struct PoolRecordContent: Encodable {
    let host: String
    let copy: Int
    /// `valid`, or why it cannot be used.
    let verdict: String
    let epoch: UInt64?
    let sequence: UInt64?
    let payloadBytes: Int?

    init(_ entry: StatefileDump.PoolEntry) {
        host = entry.name
        copy = entry.copy
        verdict = RejectionWords.of(entry.rejection)
        epoch = entry.heading?.epoch.rawValue
        sequence = entry.heading?.sequence
        payloadBytes = entry.heading?.payloadBytes
    }
}

/// What became of a record, as a word.
enum RejectionWords {
    static func of(_ cause: RecordRejection?) -> String {
        switch cause {
        case nil: "valid"
        case .blank: "blank"
        case .wrongMagic: "wrong-magic"
        case .wrongLength: "wrong-length"
        case .wrongChecksum: "wrong-checksum"
        case .wrongPadding: "wrong-padding"
        case .newerFormat: "newer-format"
        case .otherGeneration: "other-generation"
        case .wrongCode: "wrong-code"
        case .wrongOwner: "wrong-owner"
        case .wrongContent: "wrong-content"
        }
    }
}
