public import ByteFormat
import PoolModel

/// The writes that make a device a statefile.
///
/// In this order, so that a crash anywhere leaves a clear state: (1) a header that says *being formatted*:
/// from here on no host of a former generation can start on it, and every tool says what happened; (2) all
/// slots, empty; (3) all ballot sub-blocks: record 1, which knows view 0, in the first of every host, zeros
/// in the others; (4) an empty record in every pool-record copy, where there is room for them; (5) the header
/// again, *ready*.
public enum StatefileFormat {
    /// How many bytes of buffer `forEachWrite` needs.
    public static func bufferBytes(for geometry: StatefileGeometry) -> Int {
        max(geometry.headerBytes, geometry.slotArea.count, geometry.ballotArea.count)
    }

    /// Calls `write` with the offset and the bytes of each write, in order.
    ///
    /// Every write must be acknowledged by the medium before `write` returns (FUA, or fsync after it). The
    /// bytes start on a page and are whole blocks, as direct I/O wants them. `buffer` has `bufferBytes(for:)`
    /// bytes. Stops at the first error, which the caller gets; the device then says that its format is
    /// unfinished.
    public static func forEachWrite<Authenticator: MessageAuthenticator & ~Copyable, Failure>(
        _ header: StatefileHeader,
        buffer: inout AlignedBuffer,
        authenticator: inout Authenticator,
        write: (_ offsetBytes: Int, _ bytes: Span<UInt8>) throws(Failure) -> Void
    ) throws(Failure) {
        let geometry = header.geometry
        precondition(
            buffer.byteCount >= bufferBytes(for: geometry),
            "the buffer of a format holds its largest write"
        )
        let headerRange = 0..<geometry.headerBytes
        buffer.withMutableBytes(in: headerRange) { bytes in
            HeaderFormat.encode(header, state: .formatting, into: &bytes, authenticator: &authenticator)
        }
        try buffer.withBytes(in: headerRange) { bytes throws(Failure) in try write(0, bytes) }

        fillSlots(header.codec, buffer: &buffer, authenticator: &authenticator)
        try buffer.withBytes(in: 0..<geometry.slotArea.count) { bytes throws(Failure) in
            try write(geometry.slotArea.lowerBound, bytes)
        }
        fillBallots(header.codec, buffer: &buffer, authenticator: &authenticator)
        try buffer.withBytes(in: 0..<geometry.ballotArea.count) { bytes throws(Failure) in
            try write(geometry.ballotArea.lowerBound, bytes)
        }
        try writePoolRecords(header.codec, buffer: &buffer, authenticator: &authenticator, write: write)

        buffer.withMutableBytes(in: headerRange) { bytes in
            HeaderFormat.encode(header, state: .ready, into: &bytes, authenticator: &authenticator)
        }
        try buffer.withBytes(in: headerRange) { bytes throws(Failure) in try write(0, bytes) }
    }

    private static func fillSlots<Authenticator: MessageAuthenticator & ~Copyable>(
        _ codec: StatefileCodec,
        buffer: inout AlignedBuffer,
        authenticator: inout Authenticator
    ) {
        for row in 0..<codec.geometry.hostCount {
            let start = row * codec.geometry.slotBytes
            buffer.withMutableBytes(in: start..<start + codec.geometry.slotBytes) { bytes in
                codec.encode(Slot(emptyFor: HostIndex(row)), into: &bytes, authenticator: &authenticator)
            }
        }
    }

    private static func fillBallots<Authenticator: MessageAuthenticator & ~Copyable>(
        _ codec: StatefileCodec,
        buffer: inout AlignedBuffer,
        authenticator: inout Authenticator
    ) {
        let size = codec.geometry.ballotBytes
        buffer.withMutableBytes(in: 0..<codec.geometry.ballotArea.count) { bytes in
            for index in bytes.indices { bytes[index] = 0 }
        }
        for row in 0..<codec.geometry.hostCount {
            let start = row * StatefileShape.ballotSubBlocks * size
            buffer.withMutableBytes(in: start..<start + size) { bytes in
                codec.encode(
                    BallotRecord(formattedFor: HostIndex(row)),
                    subBlock: 0,
                    into: &bytes,
                    authenticator: &authenticator
                )
            }
        }
    }

    private static func writePoolRecords<Authenticator: MessageAuthenticator & ~Copyable, Failure>(
        _ codec: StatefileCodec,
        buffer: inout AlignedBuffer,
        authenticator: inout Authenticator,
        write: (_ offsetBytes: Int, _ bytes: Span<UInt8>) throws(Failure) -> Void
    ) throws(Failure) {
        for row in 0..<codec.geometry.hostCount {
            for copy in 0..<StatefileGeometry.poolCopies {
                let host = HostIndex(row)
                guard let place = codec.geometry.poolRecord(of: host, copy: copy) else { return }
                let length = codec.poolRecordBytes(payloadBytes: 0)
                buffer.withMutableBytes(in: 0..<length) { bytes in
                    codec.encodeEmptyPoolRecord(
                        of: host,
                        copy: copy,
                        into: &bytes,
                        authenticator: &authenticator
                    )
                }
                try buffer.withBytes(in: 0..<length) { bytes throws(Failure) in
                    try write(place.lowerBound, bytes)
                }
            }
        }
    }
}
