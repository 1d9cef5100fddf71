import ByteFormat
import LinuxPlatform
public import MessageAuthentication
public import PoolModel
import StatefileLayout
public import StatefileMedium
import StatefileTransports

/// The pool's keys as this process holds them.
public struct RecordKeys: Sendable {
    /// The key to write with.
    public let current: PoolKey
    /// The key that is accepted as well while one is rotated.
    public let previous: PoolKey?

    /// The keys with these bytes; nil when one has not 32 bytes.
    public init?(current: [UInt8], previous: [UInt8]?) {
        guard let current = PoolKey(current) else { return nil }
        self.current = current
        guard let previous else {
            self.previous = nil
            return
        }
        guard let previous = PoolKey(previous) else { return nil }
        self.previous = previous
    }
}

/// The record areas of a statefile, as one thread reads and writes them over a session of its own ([REC-1]).
///
/// Every call may block for `patience`; where the kernel does the I/O, as long as the kernel does.
public final class RecordMedium {
    /// The host table.
    public let hostNames: [String]
    /// The row of the host that this medium writes for.
    public let own: HostIndex
    /// The pool generation.
    public let generation: PoolGeneration
    /// The most bytes of payload that one copy takes.
    public var payloadLimit: Int { codec.poolPayloadLimit }

    /// The way by which a write of a former life may still come; nil when there is none.
    var wayOfFormerWrites: String? { device.wayOfFormerWrites }

    private let path: String
    private let codec: StatefileCodec
    private var authenticator: HMACAuthenticator
    private var device: TransportDevice
    private var isOpen = true
    /// Own copies with a write that may still land ([VIEW-3]).
    private var unsettledCopies: Set<Int> = []
    private var buffer: AlignedBuffer
    private var copies: [[RecordCopy]]
    private var decoded: [Int: (sequence: UInt64, content: AreaContent)] = [:]
    private var lastSequence: UInt64 = 0
    private var newestCopy: Int?
    private var lastCopy = 0

    /// How often an area that changes while it is read is read again before that counts as a failure.
    private static let readingLimit = 16
    private static let headBytes = 64
    /// How long one request may take.
    private static let patience = TimeSpan.seconds(10)

    private var deadline: MonotonicInstant { BootClock().now() + RecordMedium.patience }

    /// The device of the records of `source`, not opened yet.
    static func device(_ source: StatefileSource) throws(RecordMediumError) -> TransportDevice {
        do throws(StatefileError) {
            return try source.device(for: StatefileUse(.readWrite, .records))
        } catch {
            throw .statefile(error)
        }
    }

    /// Opens the statefile and finds `hostName` in its host table.
    public init(source: StatefileSource, hostName: String, keys: RecordKeys) throws(RecordMediumError) {
        path = "\(source)"
        var authenticator = HMACAuthenticator(current: keys.current, previous: keys.previous)
        let header: StatefileHeader
        device = try RecordMedium.device(source)
        let deadline = BootClock().now() + RecordMedium.patience
        do throws(StatefileError) {
            _ = try device.open(until: deadline)
            header = try device.readHeader(authenticator: &authenticator, until: deadline)
        } catch {
            throw .statefile(error)
        }
        guard let own = header.host(named: hostName) else {
            throw .unknownHost(name: hostName, path: path, table: header.hostNames)
        }
        guard header.geometry.hasPoolRecords else { throw .noRoom(path: path) }
        self.authenticator = authenticator
        self.own = own
        hostNames = header.hostNames
        generation = header.generation
        codec = header.codec
        buffer = AlignedBuffer(minimumByteCount: header.geometry.poolCopyBytes)
        let blank = Array(repeating: RecordCopy.unread, count: StatefileGeometry.poolCopies)
        copies = Array(repeating: blank, count: header.hostNames.count)
    }

    // MARK: Reading

    /// Reads every area.
    public func readAreas() throws(RecordMediumError) -> [AreaContent] {
        try reopenIfNeeded()
        var areas: [AreaContent] = []
        for row in hostNames.indices { areas.append(try readArea(row)) }
        return areas
    }

    /// Reads one area until no copy was torn, or twice in a row found the same.
    ///
    /// A copy that is torn may be one that its owner writes at this moment, and then the others may have been
    /// read too early to hold what was newest when the reading began. Found the same twice, nobody writes
    /// there.
    private func readArea(_ row: Int) throws(RecordMediumError) -> AreaContent {
        var former: [RecordCopy]?
        for _ in 0..<RecordMedium.readingLimit {
            for copy in 0..<StatefileGeometry.poolCopies { copies[row][copy] = try readCopy(row, copy) }
            if copies[row].allSatisfy(\.isWhole) || copies[row] == former { return content(row) }
            former = copies[row]
        }
        throw .restless(host: hostNames[row], path: path)
    }

    private func readCopy(_ row: Int, _ copy: Int) throws(RecordMediumError) -> RecordCopy {
        let host = HostIndex(row)
        guard let place = codec.geometry.poolRecord(of: host, copy: copy) else { throw .noRoom(path: path) }
        let block = codec.geometry.blockBytes
        try read(place.lowerBound, block)
        let head = buffer.withBytes(in: 0..<RecordMedium.headBytes) { bytes in bytes.indices.map { bytes[$0] }
        }
        // A sequence is written once: the same head says that the rest is the same as well.
        if copies[row][copy].isWhole, copies[row][copy].head == head { return copies[row][copy] }
        let need = buffer.withBytes(in: 0..<block) { codec.poolRecordBytes(firstBlock: $0) }
        if need > block { try read(place.lowerBound, need) }
        // The whole was read anew, so its head is as well.
        let newHead = buffer.withBytes(in: 0..<RecordMedium.headBytes) { bytes in
            bytes.indices.map { bytes[$0] }
        }
        return buffer.withBytes(in: 0..<need) { record in
            switch codec.decodePoolRecord(record, of: host, copy: copy, authenticator: &authenticator) {
            case .valid(let heading, let payload):
                RecordCopy(head: newHead, state: .whole(heading.sequence, payload.map { record[$0] }))
            case .rejected(.blank):
                RecordCopy(head: newHead, state: .whole(0, []))
            case .rejected(let reason):
                RecordCopy(head: newHead, state: .rejected("\(reason)"))
            }
        }
    }

    private func content(_ row: Int) -> AreaContent {
        var newest: (copy: Int, sequence: UInt64, bytes: [UInt8])?
        var reason = "nothing was read"
        for (copy, found) in copies[row].enumerated() {
            switch found.state {
            case .unread: break
            case .rejected(let why): reason = why
            case .whole(let sequence, let bytes):
                if newest.map({ sequence > $0.sequence }) ?? true { newest = (copy, sequence, bytes) }
            }
        }
        guard let newest else {
            // Where the sequences are lost the time of day stands in, so that readers do not take the next
            // for old.
            if row == own.row { take(0, UInt64(max(WallClock.secondsSince1970, 0)) << 20) }
            return .damaged("no copy of it is whole (\(reason))")
        }
        if row == own.row { take(newest.copy, newest.sequence) }
        guard newest.sequence > 0, !newest.bytes.isEmpty else { return .blank }
        if let known = decoded[row], known.sequence == newest.sequence { return known.content }
        let content: AreaContent
        do {
            let payload = try RecordPayload(decoding: newest.bytes, of: row, hostCount: hostNames.count)
            content = .payload(sequence: newest.sequence, payload)
        } catch {
            content = .damaged("\(error)")
        }
        decoded[row] = (newest.sequence, content)
        return content
    }

    /// Learns where the own newest record stands; before the first own write that is what the last run left.
    private func take(_ copy: Int, _ sequence: UInt64) {
        guard sequence >= lastSequence else { return }
        lastSequence = sequence
        (newestCopy, lastCopy) = (copy, copy)
    }

    // MARK: Writing

    /// Writes the own area: on the medium when it returns.
    ///
    /// To be called after the first reading only.
    ///
    /// The copy that holds the newest record known to be on the medium is never the one overwritten. After a
    /// failure the sequence is used up and the next copy is taken; a copy with a write that may still land is
    /// not written again until the device says that it cannot ([VIEW-3]).
    public func write(_ payload: RecordPayload) throws(RecordMediumError) {
        try reopenIfNeeded()
        let bytes: [UInt8]
        do {
            bytes = try payload.encoded(limitBytes: payloadLimit)
        } catch {
            throw .payload("\(error)")
        }
        guard let newestCopy else { throw .payload("the own area was not read before it was written: a bug") }
        settle()
        guard let copy = nextCopy(besides: newestCopy) else { throw .unsettled(path: path) }
        lastCopy = copy
        lastSequence += 1
        let epoch = Epoch(payload.master?.version.epoch ?? 0)
        let heading = PoolRecordHeading(
            writer: own,
            epoch: epoch,
            sequence: lastSequence,
            payloadBytes: bytes.count
        )
        let need = codec.poolRecordBytes(payloadBytes: bytes.count)
        do throws(PoolRecordTooLarge) {
            _ = try buffer.withMutableBytes(in: 0..<need) { room throws(PoolRecordTooLarge) in
                try encode(heading, bytes, into: &room)
            }
        } catch {
            throw .payload("\(error)")
        }
        guard let place = codec.geometry.poolRecord(of: own, copy: lastCopy) else {
            throw .noRoom(path: path)
        }
        let before = device.lateWrites.givenUpCount
        defer { if device.lateWrites.givenUpCount != before { unsettledCopies.insert(lastCopy) } }
        do throws(StatefileError) {
            try device.write(buffer, byteCount: need, offsetBytes: place.lowerBound, until: deadline)
        } catch {
            throw .statefile(error)
        }
        self.newestCopy = lastCopy
    }

    /// The copy to write next: not the newest, and none with a write that may still land.
    private func nextCopy(besides newest: Int) -> Int? {
        (1...StatefileGeometry.poolCopies).lazy
            .map { (self.lastCopy + $0) % StatefileGeometry.poolCopies }
            .first { $0 != newest && !self.unsettledCopies.contains($0) }
    }

    private func settle() {
        guard !unsettledCopies.isEmpty else { return }
        device.settle(until: deadline)
        if !device.lateWrites.mayLand { unsettledCopies = [] }
    }

    private func encode(
        _ heading: PoolRecordHeading,
        _ bytes: [UInt8],
        into room: inout MutableSpan<UInt8>
    ) throws(PoolRecordTooLarge) -> Int {
        let payload = bytes.span
        return try codec.encode(
            heading,
            copy: lastCopy,
            payload: payload,
            into: &room,
            authenticator: &authenticator
        )
    }

    // MARK: The device

    private func read(_ offset: Int, _ count: Int) throws(RecordMediumError) {
        do throws(StatefileError) {
            try device.read(offsetBytes: offset, byteCount: count, into: &buffer, until: deadline)
        } catch {
            throw .statefile(error)
        }
    }

    /// After an error the device is opened anew, and must lead to the same pool generation.
    private func reopenIfNeeded() throws(RecordMediumError) {
        do throws(StatefileError) {
            guard try device.open(until: deadline) || !isOpen else { return }
            isOpen = false
            let header = try device.readHeader(authenticator: &authenticator, until: deadline)
            guard header.generation == generation else { throw .otherGeneration(path: path) }
            isOpen = true
        } catch {
            isOpen = false
            device.close()
            throw .statefile(error)
        }
    }
}

/// One copy of a record area as it was read last.
struct RecordCopy: Equatable {
    enum State: Equatable {
        case unread
        case whole(UInt64, [UInt8])
        case rejected(String)
    }
    var head: [UInt8]
    var state: State

    static let unread = RecordCopy(head: [], state: .unread)

    var isWhole: Bool {
        if case .whole = state { true } else { false }
    }
}

/// Why the record areas could not be read or written.
public enum RecordMediumError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The statefile.
    case statefile(StatefileError)
    /// This host is not in the host table.
    case unknownHost(name: String, path: String, table: [String])
    /// The statefile has no record areas.
    case noRoom(path: String)
    /// An area changed whenever it was read.
    case restless(host: String, path: String)
    /// Every copy that could be written has a write under way that may still land.
    case unsettled(path: String)
    /// The record does not fit, or cannot be encoded.
    case payload(String)

    /// The sentence, with the next step.
    public var description: String {
        switch self {
        case .statefile(let error): error.description
        case .unknownHost(let name, let path, let table):
            "host.name = \"\(name)\" is not in the host table of the statefile \(path)"
                + " (\(table.joined(separator: ", "))); mend the name, or format the statefile with it"
        case .noRoom(let path):
            "the statefile \(path) is too small for pool records, so no machine can be protected; format a larger one"
        case .restless(let host, let path):
            "the record area of \(host) on \(path) changed each time it was read; it is read again"
        case .unsettled(let path):
            "the statefile \(path) took writes of the pool record without an answer, and they may still land; the next "
                + "one waits until the way to it is made anew"
        case .payload(let reason): "the pool record was not written: \(reason)"
        }
    }
}
