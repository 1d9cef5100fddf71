public import ByteFormat
import LinuxPlatform
public import PoolModel
public import StatefileLayout
public import StatefileMedium

/// Ballot records: a file for each host and daemon run.
extension NFSDevice {
    /// How often a folder that changes is read again before that counts as a failure.
    static var repeatLimit: Int { 16 }

    /// Reads all ballot sub-blocks.
    ///
    /// List, open each file by name, read, list again; a changed list, a file that is gone or stale repeats
    /// it. A row's sub-blocks are those of its newest file that holds a whole record; without one they are
    /// zeros, which makes the ballot read fail.
    public mutating func readBallots(
        _ geometry: StatefileGeometry,
        into buffer: inout AlignedBuffer,
        until deadline: MonotonicInstant
    ) throws(StatefileError) {
        let start = clock.now()
        do throws(NFSError) {
            guard let folder = layout?.folder(.ballots), geometry == folder.codec.geometry else {
                throw .refused(address, .lookingUp(RunPart.ballots.folderName), .noSuchName)
            }
            try readBallots(folder, into: &buffer, deadline: deadline)
        } catch {
            throw fail(error)
        }
        note(since: start)
    }

    private mutating func readBallots(
        _ folder: RunFolder,
        into buffer: inout AlignedBuffer,
        deadline: MonotonicInstant
    ) throws(NFSError) {
        for _ in 0..<NFSDevice.repeatLimit {
            do throws(NFSError) {
                let isSettled = try session.lend(.closed(address)) { session throws(NFSError) in
                    let before = try folder.listing(over: &session, deadline: deadline)
                    try folder.readNewest(of: before, into: &buffer, over: &session, deadline: deadline)
                    return try folder.listing(over: &session, deadline: deadline) == before
                }
                if isSettled { return }
            } catch {
                guard error.isSurpassed, session?.isOpen == true else { throw error }
            }
        }
        throw .restless(address, name: folder.name)
    }

    /// Writes one sub-block of the own file.
    public mutating func writeBallot(
        _ buffer: borrowing AlignedBuffer,
        _ geometry: StatefileGeometry,
        owner: HostIndex,
        subBlock: Int,
        until deadline: MonotonicInstant
    ) throws(StatefileError) {
        let start = clock.now()
        do throws(NFSError) {
            guard let own = writer?.own, writer?.part == .ballots else {
                throw .noOwnFile(address, folder: RunPart.ballots.folderName)
            }
            precondition(own.row == owner.row, "a host writes its own ballots only")
            try writeToRunFile(
                own.handle,
                buffer,
                geometry.ballotBytes,
                subBlock * geometry.ballotBytes,
                .ballots,
                deadline: deadline
            )
        } catch {
            throw fail(error)
        }
        note(since: start)
    }
}

extension RunFolder {
    /// Reads the newest file with a whole record of every row to its place in `buffer`; zeros where there is
    /// none.
    ///
    /// Throws `noSuchName` for a file that went away: then a newer one is there, and the listing is out of
    /// date.
    func readNewest(
        of listing: RunFileListing,
        into buffer: inout AlignedBuffer,
        over session: inout NFSSession,
        deadline: MonotonicInstant
    ) throws(NFSError) {
        buffer.withMutableBytes(in: 0..<codec.geometry.hostCount * fileBytes) { bytes in
            for index in bytes.indices { bytes[index] = 0 }
        }
        var candidates = (0..<codec.geometry.hostCount).map { listing.files(of: $0) }
        // One turn, unless a newest file holds nothing that is whole.
        while true {
            let files = candidates.compactMap(\.last)
            guard !files.isEmpty else { return }
            let found = try session.lookUp(files.map(\.description), in: handle, deadline: deadline)
            var parts: [NFSReadPart] = []
            for (file, entry) in zip(files, found) {
                guard let entry else { throw session.gone(path(file.description)) }
                guard entry.attributes.byteCount >= UInt64(fileBytes) else { continue }
                parts.append(
                    NFSReadPart(
                        file: entry.handle,
                        offsetBytes: 0,
                        byteCount: fileBytes,
                        bufferOffset: file.row * fileBytes
                    )
                )
            }
            try session.read(parts, into: &buffer, name: name, deadline: deadline)
            for file in files {
                let isWhole = holdsRecord(buffer, row: file.row)
                candidates[file.row] = isWhole ? [] : candidates[file.row].dropLast()
            }
        }
    }

    private func holdsRecord(_ buffer: borrowing AlignedBuffer, row: Int) -> Bool {
        (0..<positionCount).contains { position in
            let start = row * fileBytes + position * strideBytes
            return buffer.withBytes(in: start..<start + strideBytes) { bytes in
                sequence(bytes, row: row, position: position) != nil
            }
        }
    }
}
