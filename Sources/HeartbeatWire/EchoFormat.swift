import ByteFormat
import PoolModel

/// The echoes of a heartbeat: two bits of kind for each row, then the fields of the rows that say anything.
enum EchoFormat {
    static func encode(
        _ echoes: PerHost<Echo>,
        hostCount: Int,
        writer: inout ByteWriter,
        to bytes: inout MutableSpan<UInt8>
    ) {
        for first in stride(from: 0, to: hostCount, by: 4) {
            var kinds: UInt8 = 0
            for row in first..<min(first + 4, hostCount) {
                kinds |= echoes[HostIndex(row)].kind.rawValue << UInt8(2 * (row - first))
            }
            writer.write(kinds, to: &bytes)
        }
        for row in 0..<hostCount where echoes[HostIndex(row)].kind != .none {
            let echo = echoes[HostIndex(row)]
            writer.write(echo.nonce.rawValue, to: &bytes)
            writer.writeVariable(UInt64(echo.number.rawValue), to: &bytes)
            writer.writeVariable(echo.sequence, to: &bytes)
        }
    }

    /// Reads into `echoes`, all 64 rows of it; false when a value has no meaning.
    static func decode(
        into echoes: inout PerHost<Echo>,
        hostCount: Int,
        reader: inout ByteReader,
        from bytes: Span<UInt8>
    ) -> Bool {
        var kindReader = reader
        reader.skip((hostCount + 3) / 4)
        var kinds: UInt8 = 0
        for row in 0..<HostIndex.limit {
            guard row < hostCount else {
                echoes[HostIndex(row)] = .none
                continue
            }
            if row % 4 == 0 { kinds = kindReader.readUInt8(from: bytes) }
            let raw = kinds >> UInt8(2 * (row % 4)) & 3
            guard let echo = echo(rawKind: raw, reader: &reader, from: bytes) else { return false }
            echoes[HostIndex(row)] = echo
        }
        let isSpareZero = hostCount % 4 == 0 || kinds >> UInt8(2 * (hostCount % 4)) == 0
        return isSpareZero && !reader.isOverrun
    }

    private static func echo(rawKind: UInt8, reader: inout ByteReader, from bytes: Span<UInt8>) -> Echo? {
        guard let kind = EchoKind(rawValue: rawKind) else { return nil }
        if kind == .none { return Echo.none }
        let nonce = RunNonce(reader.readUInt64(from: bytes))
        guard let number = UInt32(exactly: reader.readVariable(from: bytes)) else { return nil }
        let sequence = reader.readVariable(from: bytes)
        return Echo(kind: kind, number: IncarnationNumber(number), nonce: nonce, sequence: sequence)
    }
}
