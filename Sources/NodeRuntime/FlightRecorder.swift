import ByteFormat
import FlightFormat
public import LivesetEngine
public import PoolModel

/// Keeps what the engine was told, in the form and at the instant in which it was told, so that the same
/// steps can be taken again by another engine; and a hash of what each step ordered, so that it shows whether
/// that one decides the same.
///
/// Owned by the engine loop. A step is recorded *before* the engine takes it: what a trap leaves behind ends
/// with the step that trapped. When a segment is full, or is being read, the next one begins with a
/// checkpoint of the engine. No call waits or allocates.
public struct FlightRecorder: ~Copyable {
    private let ring: FlightRing
    private var encoder: FlightEncoder
    private var hash: OrderHash
    private var state: StateWords
    private var buffer: AlignedBuffer
    private var place = FlightRing.placeCount - 1
    private var number: UInt64 = 0
    private var isSegmentOpen = false
    /// The step whose orders are awaited.
    private var openStep: MonotonicInstant?

    /// A recorder that writes to `ring`; the ring has no other writer.
    public init(_ ring: FlightRing) {
        self.ring = ring
        encoder = FlightEncoder(rowCount: ring.hostCount)
        hash = OrderHash(rowCount: ring.hostCount)
        let checkpoint = FlightCheckpoint.wordCount(rowCount: ring.hostCount)
        state = StateWords(rowCount: ring.hostCount, capacity: checkpoint)
        let bytes = max(FlightCheckpoint.largestBytes(rowCount: ring.hostCount), encoder.largestStepBytes)
        buffer = AlignedBuffer(minimumByteCount: bytes)
    }

    // MARK: steps

    /// The first step is about to be taken.
    public mutating func begin(at now: MonotonicInstant, before engine: inout Engine) {
        record(now, before: &engine) { encoder, writer, bytes in encoder.writeBegin(now, &writer, to: &bytes)
        }
    }

    /// A tick is about to be taken.
    public mutating func tick(at now: MonotonicInstant, before engine: inout Engine) {
        record(now, before: &engine) { encoder, writer, bytes in encoder.writeTick(now, &writer, to: &bytes) }
    }

    /// A heartbeat is about to be taken.
    public mutating func take(_ heartbeat: Heartbeat, at now: MonotonicInstant, before engine: inout Engine) {
        record(now, before: &engine) { encoder, writer, bytes in
            encoder.write(heartbeat, now, &writer, to: &bytes)
        }
    }

    /// A round is about to be taken.
    public mutating func take(_ result: RoundResult, at now: MonotonicInstant, before engine: inout Engine) {
        record(now, before: &engine) { encoder, writer, bytes in
            encoder.write(result, now, &writer, to: &bytes)
        }
    }

    /// The links' raw state is about to be taken.
    public mutating func takeLinks(allUp: Bool, at now: MonotonicInstant, before engine: inout Engine) {
        record(now, before: &engine) { encoder, writer, bytes in
            encoder.writeLinks(allUp: allUp, now, &writer, to: &bytes)
        }
    }

    /// Another thread's input is about to be taken; one that makes no step of the engine is passed over.
    public mutating func take(_ input: EngineInput, at now: MonotonicInstant, before engine: inout Engine) {
        switch input {
        case .carriersObserved, .witnessesObserved, .statusWanted: return
        case .incarnationPersisted, .watchdogOpened, .guestsObserved, .guestsStopped, .requested: break
        }
        record(now, before: &engine) { encoder, writer, bytes in
            switch input {
            case .incarnationPersisted(let record, let succeeded):
                encoder.write(record, succeeded: succeeded, now, &writer, to: &bytes)
            case .watchdogOpened(let outcome): encoder.write(outcome, now, &writer, to: &bytes)
            case .guestsObserved(let running):
                encoder.writeGuests(running: running, now, &writer, to: &bytes)
            case .guestsStopped(let proven):
                encoder.writeGuestsStopped(proven: proven, now, &writer, to: &bytes)
            case .requested(let request, _): encoder.write(request, now, &writer, to: &bytes)
            case .carriersObserved, .witnessesObserved, .statusWanted: break
            }
        }
    }

    /// The step was taken and gave these orders; before the first of them is carried out.
    public mutating func close(_ orders: Orders) {
        guard let now = openStep else { return }
        openStep = nil
        guard !orders.list.isEmpty else { return }
        let value = hash.of(orders)
        var writer = ByteWriter()
        buffer.withMutableBytes { bytes in FlightEncoder.write(orders: value, &writer, to: &bytes) }
        let isStored = buffer.withBytes(in: 0..<writer.offset) { bytes in
            ring.append(bytes, in: place, at: now, spare: 0)
        }
        // Being read: the copy ends with a step whose orders are unknown, and the next step begins a segment.
        if !isStored { isSegmentOpen = false }
    }

    // MARK: segments

    private typealias Encoding = (inout FlightEncoder, inout ByteWriter, inout MutableSpan<UInt8>) -> Void

    private mutating func record(
        _ now: MonotonicInstant,
        before engine: inout Engine,
        _ encode: Encoding
    ) {
        openStep = nil
        var isStored = isSegmentOpen && store(now, encode)
        if !isStored {
            isSegmentOpen = beginSegment(now, &engine)
            isStored = isSegmentOpen && store(now, encode)
        }
        guard isStored else {
            isSegmentOpen = false
            ring.countLostStep()
            return
        }
        openStep = now
    }

    private mutating func store(_ now: MonotonicInstant, _ encode: Encoding) -> Bool {
        var writer = ByteWriter()
        buffer.withMutableBytes { bytes in encode(&encoder, &writer, &bytes) }
        return buffer.withBytes(in: 0..<writer.offset) { bytes in
            ring.append(bytes, in: place, at: now, spare: FlightEncoder.orderBytes)
        }
    }

    /// Begins a segment in the next place that is not being read.
    private mutating func beginSegment(_ now: MonotonicInstant, _ engine: inout Engine) -> Bool {
        encoder.reset()
        var writer = ByteWriter()
        buffer.withMutableBytes { bytes in
            FlightCheckpoint.encode(&engine, words: &state, writer: &writer, to: &bytes)
        }
        for _ in 0..<FlightRing.placeCount {
            place = (place + 1) % FlightRing.placeCount
            let isBegun = buffer.withBytes(in: 0..<writer.offset) { bytes in
                ring.begin(number + 1, in: place, at: now, with: bytes)
            }
            guard isBegun else { continue }
            number += 1
            return true
        }
        return false
    }
}
