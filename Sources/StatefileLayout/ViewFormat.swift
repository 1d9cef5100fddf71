import ByteFormat
import PoolModel

/// A view as it stands in a ballot record: only the rows of the host table.
///
///     offset  size  field                meaning
///     0       8     epoch
///     8       4     configuration epoch
///     12      2     feature level
///     14      1     state                `PoolState`
///     15      1     master               row; 255 for none
///     16      13 n  entries              for each row, in order:
///       0     4       number             highest incarnation number admitted
///       4     8       removed in         epoch of the view that left the host out
///       12    1       standing, reason   low 4 bits `HostStanding`, high 4 bits `RemovalReason`, 0 for none
enum ViewFormat {
    static func byteCount(hostCount: Int) -> Int { 16 + 13 * hostCount }

    static func encode(
        _ view: View,
        hostCount: Int,
        writer: inout ByteWriter,
        to bytes: inout MutableSpan<UInt8>
    ) {
        writer.write(view.epoch.rawValue, to: &bytes)
        writer.write(view.configurationEpoch, to: &bytes)
        writer.write(view.featureLevel, to: &bytes)
        writer.write(view.state.rawValue, to: &bytes)
        writer.write(view.master?.rawValue ?? .max, to: &bytes)
        for row in 0..<hostCount {
            let entry = view.entries[HostIndex(row)]
            writer.write(entry.number.rawValue, to: &bytes)
            writer.write(entry.removedIn.rawValue, to: &bytes)
            writer.write(entry.standing.rawValue | (entry.reason?.rawValue ?? 0) << 4, to: &bytes)
        }
    }

    /// Reads into `view`; false when a value has no meaning, `view` is then of no use.
    static func decode(
        into view: inout View,
        hostCount: Int,
        reader: inout ByteReader,
        from bytes: Span<UInt8>
    ) -> Bool {
        view.epoch = Epoch(reader.readUInt64(from: bytes))
        view.configurationEpoch = reader.readUInt32(from: bytes)
        view.featureLevel = reader.readUInt16(from: bytes)
        guard let state = PoolState(rawValue: reader.readUInt8(from: bytes)) else { return false }
        view.state = state
        let master = reader.readUInt8(from: bytes)
        guard master == .max || Int(master) < hostCount else { return false }
        view.master = master == .max ? nil : HostIndex(Int(master))
        for row in 0..<HostIndex.limit {
            guard row < hostCount else {
                view.entries[HostIndex(row)] = .none
                continue
            }
            guard let entry = entry(reader: &reader, from: bytes) else { return false }
            view.entries[HostIndex(row)] = entry
        }
        return !reader.isOverrun
    }

    private static func entry(reader: inout ByteReader, from bytes: Span<UInt8>) -> ViewEntry? {
        let number = IncarnationNumber(reader.readUInt32(from: bytes))
        let removedIn = Epoch(reader.readUInt64(from: bytes))
        let both = reader.readUInt8(from: bytes)
        guard let standing = HostStanding(rawValue: both & 0xF) else { return nil }
        let reason = RemovalReason(rawValue: both >> 4)
        guard reason != nil || both >> 4 == 0 else { return nil }
        return ViewEntry(number: number, standing: standing, reason: reason, removedIn: removedIn)
    }
}
