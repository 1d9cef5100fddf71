import ByteFormat
import PoolModel
import StatefileLayout

/// Which records lie in files of their own for each daemon run.
enum RunPart: Sendable {
    /// The ballot records, which the daemon writes.
    case ballots
    /// The pool records, which the manager writes.
    case poolRecords

    /// The folder's name.
    var folderName: String {
        switch self {
        case .ballots: "ballots"
        case .poolRecords: "records"
        }
    }
}

/// The folder of the run files of one kind: what a file looks like, and how it is read and written.
struct RunFolder {
    let part: RunPart
    let handle: NFSFileHandle
    let codec: StatefileCodec

    var name: String { part.folderName }

    /// How many places for records a file has.
    var positionCount: Int {
        switch part {
        case .ballots: StatefileShape.ballotSubBlocks
        case .poolRecords: StatefileGeometry.poolCopies
        }
    }

    /// From one place to the next.
    var strideBytes: Int {
        switch part {
        case .ballots: codec.geometry.ballotBytes
        case .poolRecords: codec.geometry.poolCopyBytes
        }
    }

    /// The size of a file.
    var fileBytes: Int { positionCount * strideBytes }

    /// How many bytes of a place are read to learn how many its record takes.
    private var headBytes: Int {
        switch part {
        case .ballots: strideBytes
        case .poolRecords: codec.geometry.blockBytes
        }
    }

    private func recordBytes(_ head: Span<UInt8>) -> Int {
        switch part {
        case .ballots: strideBytes
        case .poolRecords: codec.poolRecordBytes(firstBlock: head)
        }
    }

    /// The sequence of a record; nil where none is whole.
    func sequence(_ record: Span<UInt8>, row: Int, position: Int) -> UInt64? {
        switch part {
        case .ballots: codec.glance(atBallot: record, of: HostIndex(row), subBlock: position)
        case .poolRecords: codec.glance(atPoolRecord: record, of: HostIndex(row), copy: position)
        }
    }

    /// The path of a file, for messages.
    func path(_ file: String) -> String { "\(name)/\(file)" }

    // MARK: whole files

    /// Which files there are.
    func listing(
        over session: inout NFSSession,
        deadline: MonotonicInstant
    ) throws(NFSError) -> RunFileListing {
        let names = try session.list(handle, name: name, deadline: deadline)
        return RunFileListing(names, hostCount: codec.geometry.hostCount)
    }

    /// What a file holds; nil where it is gone, has another size, or holds no whole record.
    func read(
        _ file: RunFileName,
        over session: inout NFSSession,
        deadline: MonotonicInstant
    ) throws(NFSError) -> RunArea? {
        do throws(NFSError) {
            return try readExisting(file, over: &session, deadline: deadline)
        } catch {
            // A late removal by a former life of a file that it had copied.
            guard error.isSurpassed, session.isOpen else { throw error }
            return nil
        }
    }

    private func readExisting(
        _ file: RunFileName,
        over session: inout NFSSession,
        deadline: MonotonicInstant
    ) throws(NFSError) -> RunArea? {
        guard let found = try session.lookUp(file.description, in: handle, deadline: deadline),
            found.attributes.isRegular, found.attributes.byteCount >= UInt64(fileBytes)
        else { return nil }
        var buffer = AlignedBuffer(minimumByteCount: fileBytes)
        let heads = (0..<positionCount).map { position in
            NFSReadPart(
                file: found.handle,
                offsetBytes: position * strideBytes,
                byteCount: headBytes,
                bufferOffset: position * strideBytes
            )
        }
        let label = path(file.description)
        try session.read(heads, into: &buffer, name: label, deadline: deadline)
        var area = RunArea(records: [])
        for position in 0..<positionCount {
            let start = position * strideBytes
            let count = buffer.withBytes(in: start..<start + headBytes) { recordBytes($0) }
            if count > headBytes {
                let whole = NFSReadPart(
                    file: found.handle,
                    offsetBytes: start,
                    byteCount: count,
                    bufferOffset: start
                )
                try session.read([whole], into: &buffer, name: label, deadline: deadline)
            }
            area.records.append(
                buffer.withBytes(in: start..<start + count) { bytes in
                    sequence(bytes, row: file.row, position: position).map { sequence in
                        RunRecord(sequence: sequence, bytes: bytes.indices.map { bytes[$0] })
                    }
                }
            )
        }
        return area.records.contains { $0 != nil } ? area : nil
    }

    /// Makes a file that must not be there yet, with this content, stable when it returns.
    func make(
        _ name: String,
        holding area: RunArea,
        over session: inout NFSSession,
        deadline: MonotonicInstant
    ) throws(NFSError) -> NFSFileHandle {
        let file = try session.create(name, in: handle, deadline: deadline)
        guard fileBytes > RunFolder.singleWriteBytes else {
            try writeWhole(area, to: file, name, over: &session, deadline: deadline)
            return file
        }
        try session.resize(file, to: fileBytes, name: path(name), deadline: deadline)
        try write(area, besides: nil, to: file, name, over: &session, deadline: deadline)
        return file
    }

    /// Ballot files are written at once: every stable write may cost the server a turn of its disk.
    private static let singleWriteBytes = 1 << 16

    private func writeWhole(
        _ area: RunArea,
        to file: NFSFileHandle,
        _ name: String,
        over session: inout NFSSession,
        deadline: MonotonicInstant
    ) throws(NFSError) {
        var buffer = AlignedBuffer(minimumByteCount: fileBytes)
        for (position, record) in area.records.enumerated() {
            guard let record else { continue }
            let start = position * strideBytes
            buffer.withMutableBytes(in: start..<start + record.bytes.count) { room in
                for index in room.indices { room[index] = record.bytes[index] }
            }
        }
        let label = path(name)
        try session.write(
            buffer,
            bytes: 0..<fileBytes,
            to: file,
            offsetBytes: 0,
            name: label,
            deadline: deadline
        )
    }

    /// Writes the records of `area` that `known` does not hold, each to its place, stable.
    func write(
        _ area: RunArea,
        besides known: RunArea?,
        to file: NFSFileHandle,
        _ name: String,
        over session: inout NFSSession,
        deadline: MonotonicInstant
    ) throws(NFSError) {
        let fresh = area.records.enumerated().compactMap { position, record in
            record.flatMap {
                known?.records[position] == $0 ? nil : (offset: position * strideBytes, bytes: $0.bytes)
            }
        }
        for record in fresh {
            var buffer = AlignedBuffer(minimumByteCount: record.bytes.count)
            buffer.withMutableBytes(in: 0..<record.bytes.count) { room in
                for index in room.indices { room[index] = record.bytes[index] }
            }
            try session.write(
                buffer,
                bytes: 0..<record.bytes.count,
                to: file,
                offsetBytes: record.offset,
                name: path(name),
                deadline: deadline
            )
        }
    }
}
