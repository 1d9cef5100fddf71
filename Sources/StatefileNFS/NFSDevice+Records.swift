public import ByteFormat
import LinuxPlatform
public import PoolModel
import StatefileLayout
public import StatefileMedium

/// Reading and writing by offset: header and slots in the one file, pool records in the files of their
/// writers.
extension NFSDevice {
    /// Reads from the server.
    public mutating func read(
        offsetBytes: Int,
        byteCount: Int,
        into buffer: inout AlignedBuffer,
        until deadline: MonotonicInstant
    ) throws(StatefileError) {
        let start = clock.now()
        do throws(NFSError) {
            if let place = recordPlace(offsetBytes, byteCount) {
                try readRecord(place, byteCount, into: &buffer, deadline: deadline)
            } else {
                try readMain(offsetBytes, byteCount, into: &buffer, deadline: deadline)
            }
        } catch {
            throw fail(error)
        }
        note(since: start)
    }

    /// Writes to the server's medium.
    public mutating func write(
        _ buffer: borrowing AlignedBuffer,
        byteCount: Int,
        offsetBytes: Int,
        until deadline: MonotonicInstant
    ) throws(StatefileError) {
        let start = clock.now()
        do throws(NFSError) {
            if let place = recordPlace(offsetBytes, byteCount) {
                try writeRecord(place, buffer, byteCount, deadline: deadline)
            } else {
                try writeMain(buffer, byteCount, offsetBytes, deadline: deadline)
            }
        } catch {
            throw fail(error)
        }
        note(since: start)
    }

    // MARK: the one file

    private mutating func readMain(
        _ offset: Int,
        _ count: Int,
        into buffer: inout AlignedBuffer,
        deadline: MonotonicInstant
    ) throws(NFSError) {
        guard let main else { throw .closed(address) }
        let part = NFSReadPart(file: main, offsetBytes: offset, byteCount: count, bufferOffset: 0)
        do throws(NFSError) {
            try session.lend(.closed(address)) { session throws(NFSError) in
                try session.read([part], into: &buffer, name: NFSDevice.mainName, deadline: deadline)
            }
        } catch {
            endSession(after: error)
            throw error
        }
    }

    private mutating func writeMain(
        _ buffer: borrowing AlignedBuffer,
        _ count: Int,
        _ offset: Int,
        deadline: MonotonicInstant
    ) throws(NFSError) {
        guard let main else { throw .closed(address) }
        do throws(NFSError) {
            try session.writeLent(
                buffer,
                0..<count,
                to: main,
                offsetBytes: offset,
                name: NFSDevice.mainName,
                deadline: deadline,
                closed: .closed(address)
            )
        } catch {
            // A slot may go back; the protocol allows for it, and nothing else lies in this file.
            if error.leavesOutcomeUnknown { lateWrites.givenUpCount &+= 1 }
            endSession(after: error)
            throw error
        }
    }

    /// A file that is gone, replaced or shorter is looked up anew, which a new session does.
    private mutating func endSession(after error: NFSError) {
        switch error {
        case .replaced, .shortRead, .refused(_, _, .stale), .refused(_, _, .badHandle): session?.close()
        default: break
        }
    }

    // MARK: pool records

    /// Where a range of the pool-record area lies.
    struct RecordPlace {
        let row: Int
        /// From the start of the host's file.
        let offsetBytes: Int
    }

    /// Nil for what lies outside the pool-record area.
    private func recordPlace(_ offset: Int, _ count: Int) -> RecordPlace? {
        guard let geometry = layout?.header.geometry, geometry.hasPoolRecords,
            geometry.poolArea.contains(offset)
        else { return nil }
        let fileBytes = StatefileGeometry.poolCopies * geometry.poolCopyBytes
        let inArea = offset - geometry.poolArea.lowerBound
        precondition(
            inArea % geometry.poolCopyBytes + count <= geometry.poolCopyBytes,
            "a copy is read by itself"
        )
        return RecordPlace(row: inArea / fileBytes, offsetBytes: inArea % fileBytes)
    }

    /// A kept handle leads to the newest file as long as that file has a name: a run begins to write only
    /// after the older files were removed, and the answer to a read says whether its file has a name left.
    private mutating func readRecord(
        _ place: RecordPlace,
        _ count: Int,
        into buffer: inout AlignedBuffer,
        deadline: MonotonicInstant
    ) throws(NFSError) {
        guard let folder = layout?.folder(.poolRecords) else {
            throw .refused(address, .lookingUp(RunPart.poolRecords.folderName), .noSuchName)
        }
        for _ in 0..<NFSDevice.repeatLimit {
            guard let handle = try recordHandle(place.row, in: folder, deadline: deadline) else { continue }
            let part = NFSReadPart(
                file: handle,
                offsetBytes: place.offsetBytes,
                byteCount: count,
                bufferOffset: 0
            )
            do throws(NFSError) {
                try session.lend(.closed(address)) { session throws(NFSError) in
                    try session.read([part], into: &buffer, name: folder.name, deadline: deadline)
                }
                return
            } catch {
                recordFiles[place.row] = nil
                guard error.isSurpassed else { throw error }
            }
        }
        throw .restless(address, name: folder.name)
    }

    /// The newest file of a row; nil when it went away while it was looked up.
    private mutating func recordHandle(
        _ row: Int,
        in folder: RunFolder,
        deadline: MonotonicInstant
    ) throws(NFSError) -> NFSFileHandle? {
        if let known = recordFiles[row] { return known }
        let address = address
        let found = try session.lend(.closed(address)) { session throws(NFSError) in
            let listing = try folder.listing(over: &session, deadline: deadline)
            guard let newest = listing.files(of: row).last else {
                throw NFSError.refused(address, .lookingUp(folder.path("\(row).*")), .noSuchName)
            }
            return try session.lookUp(newest.description, in: folder.handle, deadline: deadline)
        }
        recordFiles[row] = found?.handle
        return found?.handle
    }

    private mutating func writeRecord(
        _ place: RecordPlace,
        _ buffer: borrowing AlignedBuffer,
        _ count: Int,
        deadline: MonotonicInstant
    ) throws(NFSError) {
        let handle: NFSFileHandle
        if let own = writer?.own, writer?.part == .poolRecords {
            precondition(own.row == place.row, "a host writes its own pool records only")
            handle = own.handle
        } else if case .exclusive = access, let made = recordFiles[place.row] {
            // *Format* made it.
            handle = made
        } else {
            throw .noOwnFile(address, folder: RunPart.poolRecords.folderName)
        }
        try writeToRunFile(handle, buffer, count, place.offsetBytes, .poolRecords, deadline: deadline)
    }

    /// Writes to a run file; one that may be carried out later makes the file unusable.
    mutating func writeToRunFile(
        _ handle: NFSFileHandle,
        _ buffer: borrowing AlignedBuffer,
        _ count: Int,
        _ offset: Int,
        _ part: RunPart,
        deadline: MonotonicInstant
    ) throws(NFSError) {
        do throws(NFSError) {
            try session.writeLent(
                buffer,
                0..<count,
                to: handle,
                offsetBytes: offset,
                name: part.folderName,
                deadline: deadline,
                closed: .closed(address)
            )
        } catch {
            if error.leavesOutcomeUnknown {
                lateWrites.add()
                writer?.giveUp("a write to the former file has an unknown outcome")
            } else if error.isSurpassed {
                writer?.giveUp("the former file is gone")
            }
            throw error
        }
    }
}

extension NFSError {
    /// Whether a run file turned out to be none that counts any more: it has no name left.
    var isSurpassed: Bool {
        switch self {
        case .replaced, .refused(_, _, .stale), .refused(_, _, .badHandle), .refused(_, _, .noSuchName): true
        default: false
        }
    }
}
