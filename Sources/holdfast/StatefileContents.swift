import AdminProtocol
import ByteFormat
import PoolModel
import StatefileBlock
import StatefileLayout

/// Everything that a statefile says, for people and programs.
struct StatefileContents: Encodable {
    let path: String
    let byteCount: Int
    let usedBytes: Int
    let blockBytes: Int
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

    /// Reads all of it; a record that cannot be used is part of what is said, not an error.
    init(
        reading file: borrowing StatefileFile,
        authenticator: inout some MessageAuthenticator & ~Copyable
    ) throws(CommandFailure) {
        let header: StatefileHeader
        do {
            header = try file.readHeader(authenticator: &authenticator)
        } catch {
            throw CommandFailure(.badData, "\(error)")
        }
        let geometry = header.geometry
        let slotArea = try file.bytes(in: geometry.slotArea)
        let ballotArea = try file.bytes(in: geometry.ballotArea)
        var slots: [SlotContent] = []
        var ballots: [BallotContent] = []
        var records: [PoolRecordContent] = []
        for row in 0..<geometry.hostCount {
            let host = HostIndex(row)
            slots.append(SlotContent.read(host, header, slotArea, &authenticator))
            for subBlock in 0..<StatefileShape.ballotSubBlocks {
                ballots.append(BallotContent.read(host, subBlock, header, ballotArea, &authenticator))
            }
            for copy in 0..<StatefileGeometry.poolCopies {
                guard let range = geometry.poolRecord(of: host, copy: copy) else { continue }
                records.append(
                    PoolRecordContent.read(
                        host,
                        copy,
                        header,
                        try file.bytes(in: range),
                        range.count,
                        &authenticator
                    )
                )
            }
        }
        path = file.path
        byteCount = file.byteCount
        usedBytes = geometry.usedBytes
        blockBytes = geometry.blockBytes
        generation = PoolID.text(header.generation)
        hosts = header.hostNames
        timing = StatefileContents.words(header.timing)
        largestDSeconds = header.largestD.inSeconds
        createdAtUnixSeconds = header.createdAtUnixSeconds
        self.slots = slots
        self.ballots = ballots
        poolRecords = records
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

    static func read(
        _ host: HostIndex,
        _ copy: Int,
        _ header: StatefileHeader,
        _ area: borrowing AlignedBuffer,
        _ byteCount: Int,
        _ authenticator: inout some MessageAuthenticator & ~Copyable
    ) -> PoolRecordContent {
        let reading = area.withBytes(in: 0..<byteCount) {
            header.codec.decodePoolRecord($0, of: host, copy: copy, authenticator: &authenticator)
        }
        let name = header.hostNames[host.row]
        switch reading {
        case .valid(let heading, _):
            return PoolRecordContent(
                host: name,
                copy: copy,
                verdict: "valid",
                epoch: heading.epoch.rawValue,
                sequence: heading.sequence,
                payloadBytes: heading.payloadBytes
            )
        case .rejected(let cause):
            return PoolRecordContent(
                host: name,
                copy: copy,
                verdict: RejectionWords.of(cause),
                epoch: nil,
                sequence: nil,
                payloadBytes: nil
            )
        }
    }
}

/// Why a record cannot be used, as a word.
enum RejectionWords {
    static func of(_ cause: RecordRejection) -> String {
        switch cause {
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
