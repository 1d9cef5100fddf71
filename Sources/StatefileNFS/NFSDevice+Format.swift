public import ByteFormat
import LinuxPlatform
public import PoolModel
public import StatefileLayout
public import StatefileMedium

/// *Format*: a file of run 0 for every row, and nothing else in the two folders.
extension NFSDevice {
    /// Writes the whole ballot area, which stands in `buffer`, and makes room for pool records.
    ///
    /// Every file is new, so that no write of a former life can land in it. Hosts of the former generation
    /// then find no record of theirs.
    public mutating func formatBallots(
        _ buffer: borrowing AlignedBuffer,
        _ geometry: StatefileGeometry,
        until deadline: MonotonicInstant
    ) throws(StatefileError) {
        do throws(NFSError) {
            // The header was written before, with this geometry.
            try findLayout(deadline: deadline)
            guard let header = layout?.header, header.geometry == geometry else { throw .closed(address) }
            let ballots = try makeFolder(.ballots, header, deadline: deadline)
            for row in 0..<geometry.hostCount {
                let file = try makeFile(row, in: ballots, deadline: deadline)
                let bytes = row * ballots.fileBytes..<(row + 1) * ballots.fileBytes
                try session.writeLent(
                    buffer,
                    bytes,
                    to: file,
                    offsetBytes: 0,
                    name: ballots.name,
                    deadline: deadline,
                    closed: .closed(address)
                )
                try publish(row, in: ballots, deadline: deadline)
            }
            try removeOthers(in: ballots, deadline: deadline)
            if geometry.hasPoolRecords {
                let records = try makeFolder(.poolRecords, header, deadline: deadline)
                for row in 0..<geometry.hostCount {
                    recordFiles[row] = try makeFile(row, in: records, deadline: deadline)
                    try publish(row, in: records, deadline: deadline)
                }
                try removeOthers(in: records, deadline: deadline)
            }
            try findLayout(deadline: deadline)
        } catch {
            throw fail(error)
        }
    }

    private static var temporarySuffix: String { ".format.new" }

    private mutating func makeFolder(
        _ part: RunPart,
        _ header: StatefileHeader,
        deadline: MonotonicInstant
    ) throws(NFSError) -> RunFolder {
        let handle = try session.lend(.closed(address)) { session throws(NFSError) in
            let root = session.root
            let known = try session.lookUp(part.folderName, in: root, deadline: deadline)
            guard let known else {
                return try session.makeFolder(part.folderName, in: root, deadline: deadline)
            }
            guard known.attributes.isFolder else {
                throw NFSError.refused(session.address, .making(part.folderName), .notAFolder)
            }
            return known.handle
        }
        return RunFolder(part: part, handle: handle, codec: header.codec)
    }

    /// A new file under a temporary name, of full size.
    private mutating func makeFile(
        _ row: Int,
        in folder: RunFolder,
        deadline: MonotonicInstant
    ) throws(NFSError) -> NFSFileHandle {
        let name = ".\(row)" + NFSDevice.temporarySuffix
        return try session.lend(.closed(address)) { session throws(NFSError) in
            try session.remove(name, in: folder.handle, deadline: deadline)
            let file = try session.create(name, in: folder.handle, deadline: deadline)
            try session.resize(file, to: folder.fileBytes, name: folder.path(name), deadline: deadline)
            return file
        }
    }

    private mutating func publish(
        _ row: Int,
        in folder: RunFolder,
        deadline: MonotonicInstant
    ) throws(NFSError) {
        try session.lend(.closed(address)) { session throws(NFSError) in
            try session.rename(
                ".\(row)" + NFSDevice.temporarySuffix,
                to: RunFileName(row: row, run: 0).description,
                in: folder.handle,
                deadline: deadline
            )
        }
    }

    private mutating func removeOthers(
        in folder: RunFolder,
        deadline: MonotonicInstant
    ) throws(NFSError) {
        try session.lend(.closed(address)) { session throws(NFSError) in
            for name in try session.list(folder.handle, name: folder.name, deadline: deadline) {
                let file = RunFileName(name)
                let isOurs = file != nil || RunFileName.isTemporary(name)
                let isNew = file.map { $0.run == 0 && $0.row < folder.codec.geometry.hostCount } ?? false
                guard isOurs, !isNew else { continue }
                try session.remove(name, in: folder.handle, deadline: deadline)
            }
        }
    }
}
