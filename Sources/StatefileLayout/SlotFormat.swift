public import ByteFormat
public import PoolModel

/// One host's slot. Magic `HFsl`, owner the host, position 0; body, after the envelope's 32 bytes:
///
///     offset  size  field              meaning
///     32      1     phase              `HostPhase`
///     33      1     flags              1 netOK, 2 hold, 4 quarantine over, 8 has guests, 16 asks to disable,
///                                      32 asks to enable
///     34      2     weight
///     36      4     number             incarnation number
///     40      8     sequence
///     48      16    boot id            big-endian
///     64      8     nonce              of the daemon run
///     72      8     epoch
///     80      8     D                  ns
///     88      8     G                  ns
///     96      8     W                  ns
///     104     8     ballot instance    0 for none
///     112     8     asks out           bit n: row n
///     120     1     asks master        row; 255 for none
///     121     1     recent removals
///     122     1     self-fences
///     123     1     last fence         `SelfFenceReason`; 0 for none
///     124     1     host count n       rows that follow
///     125     1     words              bytes of last words, at most 240
///     126     2     reserved           0
///     128     240   last words         UTF-8, zeros behind them
///     368     12 n  rows               for each row, in order:
///       0     4       hears            incarnation number heard; 0 for unheard
///       4     4       vouches          incarnation number vouched for; 0 for none
///       8     4       grant age        ms; 2^32 - 1 for none
enum SlotFormat {
    static func byteCount(hostCount: Int) -> Int { 368 + 12 * hostCount + RecordEnvelope.trailerBytes }

    static func flags(of slot: Slot) -> UInt8 {
        var flags: UInt8 = 0
        if slot.netOK { flags |= 1 }
        if slot.hold { flags |= 2 }
        if slot.quarantineOver { flags |= 4 }
        if slot.hasGuests { flags |= 8 }
        if slot.requests.asksDisable { flags |= 16 }
        if slot.requests.asksEnable { flags |= 32 }
        return flags
    }

    static func setFlags(_ flags: UInt8, of slot: inout Slot) {
        slot.netOK = flags & 1 != 0
        slot.hold = flags & 2 != 0
        slot.quarantineOver = flags & 4 != 0
        slot.hasGuests = flags & 8 != 0
        slot.requests.asksDisable = flags & 16 != 0
        slot.requests.asksEnable = flags & 32 != 0
    }

    static func encodeBody(
        _ slot: Slot,
        hostCount: Int,
        writer: inout ByteWriter,
        to bytes: inout MutableSpan<UInt8>
    ) {
        writer.write(slot.phase.rawValue, to: &bytes)
        writer.write(flags(of: slot), to: &bytes)
        writer.write(slot.weight, to: &bytes)
        writer.write(slot.incarnation.number.rawValue, to: &bytes)
        writer.write(slot.sequence, to: &bytes)
        writer.writeBigEndian(slot.incarnation.boot.rawValue, to: &bytes)
        writer.write(slot.incarnation.nonce.rawValue, to: &bytes)
        writer.write(slot.epoch.rawValue, to: &bytes)
        writer.write(slot.certainlyDead.nanoseconds, to: &bytes)
        writer.write(slot.grace.nanoseconds, to: &bytes)
        writer.write(slot.watchdog.nanoseconds, to: &bytes)
        writer.write(slot.ballotInstance.rawValue, to: &bytes)
        writer.write(slot.requests.asksOut.bits, to: &bytes)
        writer.write(slot.requests.asksMaster?.rawValue ?? .max, to: &bytes)
        writer.write(slot.recentRemovals, to: &bytes)
        writer.write(slot.selfFences, to: &bytes)
        writer.write(slot.lastFence?.rawValue ?? 0, to: &bytes)
        writer.write(UInt8(hostCount), to: &bytes)
        writer.write(UInt8(slot.lastWords.count), to: &bytes)
        writer.write(UInt16(0), to: &bytes)
        for index in 0..<LastWords.limit {
            writer.write(index < slot.lastWords.count ? slot.lastWords[index] : 0, to: &bytes)
        }
        for row in 0..<hostCount {
            let host = HostIndex(row)
            writer.write(slot.hears[host].rawValue, to: &bytes)
            writer.write(slot.vouches[host].rawValue, to: &bytes)
            writer.write(slot.grantAges[host].milliseconds, to: &bytes)
        }
    }

    /// Reads the body into `slot`; false when a value has no meaning.
    static func decodeBody(
        into slot: inout Slot,
        hostCount: Int,
        reader: inout ByteReader,
        from bytes: Span<UInt8>
    ) -> Bool {
        guard let phase = HostPhase(rawValue: reader.readUInt8(from: bytes)) else { return false }
        slot.phase = phase
        setFlags(reader.readUInt8(from: bytes), of: &slot)
        slot.weight = reader.readUInt16(from: bytes)
        let number = IncarnationNumber(reader.readUInt32(from: bytes))
        slot.sequence = reader.readUInt64(from: bytes)
        let boot = BootID(reader.readBigEndianUInt128(from: bytes))
        let nonce = RunNonce(reader.readUInt64(from: bytes))
        slot.incarnation = Incarnation(number: number, boot: boot, nonce: nonce)
        slot.epoch = Epoch(reader.readUInt64(from: bytes))
        slot.certainlyDead = TimeSpan(nanoseconds: reader.readInt64(from: bytes))
        slot.grace = TimeSpan(nanoseconds: reader.readInt64(from: bytes))
        slot.watchdog = TimeSpan(nanoseconds: reader.readInt64(from: bytes))
        slot.ballotInstance = Epoch(reader.readUInt64(from: bytes))
        slot.requests.asksOut = HostSet(bits: reader.readUInt64(from: bytes))
        let master = reader.readUInt8(from: bytes)
        slot.requests.asksMaster = Int(master) < hostCount ? HostIndex(Int(master)) : nil
        slot.recentRemovals = reader.readUInt8(from: bytes)
        slot.selfFences = reader.readUInt8(from: bytes)
        let fence = reader.readUInt8(from: bytes)
        slot.lastFence = SelfFenceReason(rawValue: fence)
        let rows = reader.readUInt8(from: bytes)
        let isUsual = Int(rows) == hostCount && (master == .max || Int(master) < hostCount)
        let areSpansUsual = min(slot.certainlyDead, slot.grace, slot.watchdog) >= .zero
        guard isUsual, areSpansUsual, fence == 0 || slot.lastFence != nil else { return false }
        guard slot.requests.asksOut.isSubset(of: HostSet(first: hostCount)) else { return false }
        return decodeWordsAndRows(into: &slot, hostCount: hostCount, reader: &reader, from: bytes)
    }

    private static func decodeWordsAndRows(
        into slot: inout Slot,
        hostCount: Int,
        reader: inout ByteReader,
        from bytes: Span<UInt8>
    ) -> Bool {
        let words = Int(reader.readUInt8(from: bytes))
        guard words <= LastWords.limit else { return false }
        reader.skip(2)
        slot.lastWords = LastWords()
        for _ in 0..<words { slot.lastWords.append(reader.readUInt8(from: bytes)) }
        reader.skip(LastWords.limit - words)
        for row in 0..<HostIndex.limit {
            let host = HostIndex(row)
            let isConfigured = row < hostCount
            slot.hears[host] = isConfigured ? IncarnationNumber(reader.readUInt32(from: bytes)) : .none
            slot.vouches[host] = isConfigured ? IncarnationNumber(reader.readUInt32(from: bytes)) : .none
            slot.grantAges[host] =
                isConfigured ? GrantAge(milliseconds: reader.readUInt32(from: bytes)) : .none
        }
        return !reader.isOverrun
    }
}

extension StatefileCodec {
    /// Writes `slot` into `record`, the `geometry.slotBytes` bytes of its owner's slot.
    public func encode<Authenticator: MessageAuthenticator & ~Copyable>(
        _ slot: Slot,
        into record: inout MutableSpan<UInt8>,
        authenticator: inout Authenticator
    ) {
        geometry.check(slot.owner)
        precondition(record.count == geometry.slotBytes, "a slot is written whole")
        let length = SlotFormat.byteCount(hostCount: geometry.hostCount)
        var writer = RecordEnvelope.begin(
            RecordPlace(.slot, owner: slot.owner),
            generation: generation,
            recordBytes: length,
            in: &record
        )
        SlotFormat.encodeBody(slot, hostCount: geometry.hostCount, writer: &writer, to: &record)
        RecordEnvelope.end(writer, recordBytes: length, in: &record, authenticator: &authenticator)
    }

    /// Reads `host`'s slot from `record` into `slot`; nil when it is valid, else why not, and `slot` means
    /// nothing.
    public func decodeSlot<Authenticator: MessageAuthenticator & ~Copyable>(
        _ record: Span<UInt8>,
        of host: HostIndex,
        into slot: inout Slot,
        authenticator: inout Authenticator
    ) -> RecordRejection? {
        guard record.count == geometry.slotBytes else { return .wrongLength }
        switch RecordEnvelope.whole(record, kind: .slot, blockBytes: geometry.slotBytes) {
        case .rejected(let cause):
            return cause
        case .whole(let body):
            let place = RecordPlace(.slot, owner: host)
            if let cause = RecordEnvelope.check(
                record,
                body: body,
                place: place,
                generation: generation,
                authenticator: &authenticator
            ) {
                return cause
            }
            slot.owner = host
            var reader = ByteReader(body)
            let isMeaningful = SlotFormat.decodeBody(
                into: &slot,
                hostCount: geometry.hostCount,
                reader: &reader,
                from: record
            )
            return isMeaningful ? nil : .wrongContent
        }
    }
}
