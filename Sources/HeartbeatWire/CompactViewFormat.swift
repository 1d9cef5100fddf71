import ByteFormat
import PoolModel

/// A view inside a heartbeat: the rows of the host table, with short numbers.
enum CompactViewFormat {
    private static let removalFollows: UInt8 = 0x80

    static func encode(
        _ view: View,
        hostCount: Int,
        writer: inout ByteWriter,
        to bytes: inout MutableSpan<UInt8>
    ) {
        writer.writeVariable(view.epoch.rawValue, to: &bytes)
        writer.writeVariable(UInt64(view.configurationEpoch), to: &bytes)
        writer.writeVariable(UInt64(view.featureLevel), to: &bytes)
        writer.write(view.state.rawValue, to: &bytes)
        writer.write(view.master?.rawValue ?? .max, to: &bytes)
        for row in 0..<hostCount {
            let entry = view.entries[HostIndex(row)]
            let hasRemoval = entry.removedIn != .zero
            let reason = entry.reason?.rawValue ?? 0
            writer.write(
                entry.standing.rawValue | reason << 2 | (hasRemoval ? removalFollows : 0),
                to: &bytes
            )
            writer.writeVariable(UInt64(entry.number.rawValue), to: &bytes)
            if hasRemoval { writer.writeVariable(entry.removedIn.rawValue, to: &bytes) }
        }
    }

    /// The view that is read; nil when a value has no meaning.
    static func decode(hostCount: Int, reader: inout ByteReader, from bytes: Span<UInt8>) -> View? {
        let epoch = Epoch(reader.readVariable(from: bytes))
        guard let configurationEpoch = UInt32(exactly: reader.readVariable(from: bytes)),
            let featureLevel = UInt16(exactly: reader.readVariable(from: bytes)),
            let state = PoolState(rawValue: reader.readUInt8(from: bytes))
        else { return nil }
        var view = View(epoch: epoch, state: state)
        view.configurationEpoch = configurationEpoch
        view.featureLevel = featureLevel
        let master = reader.readUInt8(from: bytes)
        guard master == .max || Int(master) < hostCount else { return nil }
        view.master = master == .max ? nil : HostIndex(Int(master))
        for row in 0..<hostCount {
            guard let entry = entry(reader: &reader, from: bytes) else { return nil }
            view.entries[HostIndex(row)] = entry
        }
        return reader.isOverrun ? nil : view
    }

    private static func entry(reader: inout ByteReader, from bytes: Span<UInt8>) -> ViewEntry? {
        let bits = reader.readUInt8(from: bytes)
        let rawReason = bits >> 2 & 0xF
        guard bits & 0x40 == 0, let standing = HostStanding(rawValue: bits & 3) else { return nil }
        let reason = RemovalReason(rawValue: rawReason)
        guard reason != nil || rawReason == 0 else { return nil }
        guard let number = UInt32(exactly: reader.readVariable(from: bytes)) else { return nil }
        let removedIn = bits & removalFollows == 0 ? 0 : reader.readVariable(from: bytes)
        return ViewEntry(
            number: IncarnationNumber(number),
            standing: standing,
            reason: reason,
            removedIn: Epoch(removedIn)
        )
    }
}
