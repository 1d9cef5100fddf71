public import ByteFormat
public import PoolModel
public import StatefileLayout

/// Everything that a statefile holds at one moment, for people; blocks and allocates.
public struct StatefileDump: Sendable {
    /// One row's slot.
    public struct SlotEntry: Sendable {
        /// The host's name.
        public let name: String
        /// The slot; nil when it was not taken.
        public let slot: Slot?
        /// Why it was not taken.
        public let rejection: RecordRejection?
    }
    /// One ballot sub-block.
    public struct BallotEntry: Sendable {
        /// Which host's, by name.
        public let name: String
        /// Which of its sub-blocks.
        public let subBlock: Int
        /// The record; nil when it was not taken.
        public let record: BallotRecord?
        /// Why it was not taken.
        public let rejection: RecordRejection?
    }
    /// One copy of a pool record.
    public struct PoolEntry: Sendable {
        /// Which host's, by name.
        public let name: String
        /// Which of its copies.
        public let copy: Int
        /// Its heading; nil when it was not taken.
        public let heading: PoolRecordHeading?
        /// Why it was not taken.
        public let rejection: RecordRejection?
    }

    /// The header.
    public let header: StatefileHeader
    /// Whether the page cache was bypassed.
    public let isDirect: Bool
    /// One entry a host.
    public let slots: [SlotEntry]
    /// `StatefileShape.ballotSubBlocks` entries a host.
    public let ballots: [BallotEntry]
    /// `StatefileGeometry.poolCopies` entries a host; empty where there is no room for pool records.
    public let poolRecords: [PoolEntry]

    /// Opens the device where it is not open, and reads the statefile.
    ///
    /// Writes nothing.
    public static func read<
        Device: StatefileDevice & ~Copyable,
        Authenticator: MessageAuthenticator & ~Copyable
    >(
        _ device: inout Device,
        authenticator: inout Authenticator
    ) throws(StatefileError) -> StatefileDump {
        _ = try device.open(until: ToolPatience.deadline)
        let header = try device.readHeader(authenticator: &authenticator, until: ToolPatience.deadline)
        return StatefileDump(
            header: header,
            isDirect: device.facts.isDirect,
            slots: try slots(of: header, in: &device, authenticator: &authenticator),
            ballots: try ballots(of: header, in: &device, authenticator: &authenticator),
            poolRecords: try poolRecords(of: header, in: &device, authenticator: &authenticator)
        )
    }

    private static func slots<
        Device: StatefileDevice & ~Copyable,
        Authenticator: MessageAuthenticator & ~Copyable
    >(
        of header: StatefileHeader,
        in device: inout Device,
        authenticator: inout Authenticator
    ) throws(StatefileError) -> [SlotEntry] {
        let geometry = header.geometry
        var buffer = AlignedBuffer(minimumByteCount: geometry.slotArea.count)
        let area = geometry.slotArea
        try device.read(
            offsetBytes: area.lowerBound,
            byteCount: area.count,
            into: &buffer,
            until: ToolPatience.deadline
        )
        var entries: [SlotEntry] = []
        for row in 0..<geometry.hostCount {
            let host = HostIndex(row)
            var slot = Slot(emptyFor: host)
            let start = row * geometry.slotBytes
            let rejection = buffer.withBytes(in: start..<start + geometry.slotBytes) { bytes in
                header.codec.decodeSlot(bytes, of: host, into: &slot, authenticator: &authenticator)
            }
            entries.append(
                SlotEntry(
                    name: header.hostNames[row],
                    slot: rejection == nil ? slot : nil,
                    rejection: rejection
                )
            )
        }
        return entries
    }

    private static func ballots<
        Device: StatefileDevice & ~Copyable,
        Authenticator: MessageAuthenticator & ~Copyable
    >(
        of header: StatefileHeader,
        in device: inout Device,
        authenticator: inout Authenticator
    ) throws(StatefileError) -> [BallotEntry] {
        let geometry = header.geometry
        var buffer = AlignedBuffer(minimumByteCount: geometry.ballotArea.count)
        try device.readBallots(geometry, into: &buffer, until: ToolPatience.deadline)
        var entries: [BallotEntry] = []
        for row in 0..<geometry.hostCount {
            for subBlock in 0..<StatefileShape.ballotSubBlocks {
                let host = HostIndex(row)
                var record = BallotRecord(formattedFor: host)
                let start = (row * StatefileShape.ballotSubBlocks + subBlock) * geometry.ballotBytes
                let rejection = buffer.withBytes(in: start..<start + geometry.ballotBytes) { bytes in
                    header.codec.decodeBallot(
                        bytes,
                        of: host,
                        subBlock: subBlock,
                        into: &record,
                        authenticator: &authenticator
                    )
                }
                entries.append(
                    BallotEntry(
                        name: header.hostNames[row],
                        subBlock: subBlock,
                        record: rejection == nil ? record : nil,
                        rejection: rejection
                    )
                )
            }
        }
        return entries
    }

    private static func poolRecords<
        Device: StatefileDevice & ~Copyable,
        Authenticator: MessageAuthenticator & ~Copyable
    >(
        of header: StatefileHeader,
        in device: inout Device,
        authenticator: inout Authenticator
    ) throws(StatefileError) -> [PoolEntry] {
        let geometry = header.geometry
        guard geometry.hasPoolRecords else { return [] }
        var buffer = AlignedBuffer(minimumByteCount: geometry.poolCopyBytes)
        var entries: [PoolEntry] = []
        for row in 0..<geometry.hostCount {
            for copy in 0..<StatefileGeometry.poolCopies {
                let host = HostIndex(row)
                guard let place = geometry.poolRecord(of: host, copy: copy) else { continue }
                try read(&device, place.lowerBound, geometry.blockBytes, &buffer)
                let length = buffer.withBytes(in: 0..<geometry.blockBytes) { bytes in
                    header.codec.poolRecordBytes(firstBlock: bytes)
                }
                if length > geometry.blockBytes {
                    try read(&device, place.lowerBound, length, &buffer)
                }
                let reading = buffer.withBytes(in: 0..<length) { bytes in
                    header.codec.decodePoolRecord(bytes, of: host, copy: copy, authenticator: &authenticator)
                }
                entries.append(entry(reading, name: header.hostNames[row], copy: copy))
            }
        }
        return entries
    }

    private static func read<Device: StatefileDevice & ~Copyable>(
        _ device: inout Device,
        _ offset: Int,
        _ count: Int,
        _ buffer: inout AlignedBuffer
    ) throws(StatefileError) {
        try device.read(
            offsetBytes: offset,
            byteCount: count,
            into: &buffer,
            until: ToolPatience.deadline
        )
    }

    private static func entry(_ reading: PoolRecordReading, name: String, copy: Int) -> PoolEntry {
        switch reading {
        case .valid(let heading, payload: _):
            PoolEntry(name: name, copy: copy, heading: heading, rejection: nil)
        case .rejected(let cause): PoolEntry(name: name, copy: copy, heading: nil, rejection: cause)
        }
    }
}
