internal import LabPlatform

/// The disk of a guest: a file of the lab's disk service, or in a virtual machine a block device.
///
/// A block device is used past the page cache, and each write is on the medium before the next begins: a
/// guest
/// of another host reads what was really written last.
final class GuestDisk {
    private let file: Descriptor
    private let path: String
    private let blocks: AlignedBlocks?

    init(path: String) throws(LabError) {
        self.path = path
        let isDevice = FileTree.isBlockDevice(path)
        file = try Descriptor(path: path, flags: isDevice ? OpenFlags.direct : OpenFlags.readAndWrite)
        blocks = isDevice ? try AlignedBlocks(count: GuestRecord.sizeBytes) : nil
    }

    /// Zero or the error number.
    func write(_ record: GuestRecord) -> Int32 {
        guard let blocks else { return file.write(record.bytes, at: record.offset) }
        return blocks.write(record.bytes, to: file, at: record.offset)
    }

    /// Everything on it.
    func read() throws(LabError) -> [UInt8] {
        let size = Int(GuestRecord.diskBytes)
        guard blocks != nil else {
            switch file.read(at: 0, count: size) {
            case .success(let bytes): return bytes
            case .failure(let error): throw error
            }
        }
        let all = try AlignedBlocks(count: size)
        let outcome = all.read(from: file, at: 0)
        guard outcome == 0 else { throw LabError("read \(path)", errorNumber: outcome) }
        return all.bytes
    }
}
