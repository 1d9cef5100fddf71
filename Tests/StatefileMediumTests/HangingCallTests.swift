import ByteFormat
import LinuxPlatform
import NodeRuntime
import PoolModel
import RuntimeFakes
import StatefileLayout
import StatefileMedium
import Synchronization
import Testing

/// A device whose writes hang until they are let go, as a kernel's do whose path is gone.
private struct HangingDevice: FlatStatefileDevice, ~Copyable {
    final class Gate: Sendable {
        let isOpen = Atomic<Bool>(true)
    }

    let gate: Gate
    let place = "hanging"
    var facts = DeviceFacts(kind: .block)
    var paths: [PathFigures] { [] }
    var lateWrites: LateWrites { LateWrites() }
    var endsFormerSession: Bool { false }
    var wayOfFormerWrites: String? { nil }
    var content: [UInt8]
    var isOpen = false

    init(gate: Gate, content: [UInt8]) {
        self.gate = gate
        self.content = content
        facts.byteCount = content.count
    }

    mutating func open(until deadline: MonotonicInstant) throws(StatefileError) -> Bool {
        defer { isOpen = true }
        return !isOpen
    }

    mutating func close() { isOpen = false }

    mutating func read(
        offsetBytes: Int,
        byteCount: Int,
        into buffer: inout AlignedBuffer,
        until deadline: MonotonicInstant
    ) throws(StatefileError) {
        let source = content
        buffer.withMutableBytes(in: 0..<byteCount) { bytes in
            for index in bytes.indices { bytes[index] = source[offsetBytes + index] }
        }
    }

    mutating func write(
        _ buffer: borrowing AlignedBuffer,
        byteCount: Int,
        offsetBytes: Int,
        until deadline: MonotonicInstant
    ) throws(StatefileError) {
        while !gate.isOpen.load(ordering: .acquiring) {
            BootClock().sleep(until: BootClock().now() + .milliseconds(1))
        }
        for index in 0..<byteCount {
            content[offsetBytes + index] = buffer.withBytes(in: index..<index + 1) { $0[0] }
        }
    }

    mutating func settle(until deadline: MonotonicInstant) {}
}

/// Keeps the bytes of a format.
private func formatted() throws -> (header: StatefileHeader, bytes: [UInt8]) {
    var device = HangingDevice(gate: HangingDevice.Gate(), content: [UInt8](repeating: 0, count: 1 << 20))
    var authenticator = SumAuthenticator(key: 1)
    let plan = StatefilePlan(hostNames: ["lab1", "lab2"], timing: .fast)
    let header = try StatefileFormatter.format(plan, on: &device, authenticator: &authenticator)
    return (header, device.content)
}

/// Whether a thread has come to its end.
private final class Finished: Sendable {
    let value = Atomic<Bool>(false)
}

@Suite("A call that hangs")
struct HangingCallTests {
    @Test("the report says in which call the storage thread hangs and since when, while it hangs")
    func hangIsSeen() throws {
        let (header, bytes) = try formatted()
        let gate = HangingDevice.Gate()
        gate.isOpen.store(false, ordering: .releasing)
        let report = StatefileReport()
        let lockPath = "/tmp/holdfast-hanging-\(KernelRandom.bits64())"
        let before = BootClock().now()
        let isDone = Finished()
        _ = try PlatformThread.start(name: "hf-hanging") {
            var loop = StatefileLoop(
                codec: header.codec,
                ioDeadline: .milliseconds(500),
                clock: BootClock(),
                port: DeviceStatefile(
                    device: HangingDevice(gate: gate, content: bytes),
                    own: HostIndex(0),
                    codec: header.codec,
                    ioDeadline: .milliseconds(500),
                    formerLives: FormerLives(lockPath: lockPath, lateWriteWait: .zero),
                    report: report
                ),
                authenticator: SumAuthenticator(key: 1)
            )
            var request = RoundRequest(id: 1)
            request.slot = Slot(emptyFor: HostIndex(0))
            loop.perform(request, into: RoundResult(hostCount: 2))
            isDone.value.store(true, ordering: .releasing)
        }
        let deadline = before + .seconds(10)
        while report.activity.doing != .writingSlot, BootClock().now() < deadline { sleepALittle() }
        sleepALittle()
        let seen = report.activity
        #expect(seen.doing == .writingSlot)
        #expect(seen.since >= before)
        #expect(!isDone.value.load(ordering: .acquiring))
        gate.isOpen.store(true, ordering: .releasing)
        while !isDone.value.load(ordering: .acquiring), BootClock().now() < deadline { sleepALittle() }
        #expect(report.activity.doing == .idle)
    }

    private func sleepALittle() { BootClock().sleep(until: BootClock().now() + .milliseconds(5)) }
}
