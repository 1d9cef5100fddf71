import ByteFormat
import Glibc
import PoolModel
import StatefileISCSI
import StatefileMedium
import Testing

extension TargetServer {
    /// Whether this machine can have one.
    static var isPossible: Bool { obstacle == nil }
    /// What a skipped test says.
    static var reason: Comment { "\(obstacle ?? "")" }

    /// A server with unit 1, of zeros.
    static func withUnit(byteCount: Int = 4 << 20) throws -> TargetServer {
        let server = try TargetServer()
        try server.addUnit(lun: 1, byteCount: byteCount, serial: "unit-one")
        return server
    }
}

extension ISCSIDevice {
    /// A device as the daemon of host 1 opens it, where nothing else is said.
    static func make(
        _ address: ISCSIAddress,
        access: DeviceAccess = .readWrite,
        purpose: UInt16? = 1,
        secrets: CHAPSecrets? = nil,
        patience: TimeSpan = .seconds(1)
    ) -> ISCSIDevice {
        let name = "iqn.2026-01.invalid.holdfast:host1"
        let login = ISCSILogin(initiatorName: name, secrets: secrets, purpose: purpose)
        return ISCSIDevice(address: address, login: login, access: access, patience: patience)
    }

    /// The cause that `body` fails with; nil where it does not, or with something else.
    static func cause(_ body: () throws -> Bool) -> ISCSIError.Cause? {
        do {
            _ = try body()
            return nil
        } catch StatefileError.transport(let trouble) {
            return (trouble as? ISCSIError)?.cause
        } catch {
            Issue.record("no trouble of the transport: \(error)")
            return nil
        }
    }
}

extension AlignedBuffer {
    /// A buffer of one byte's value.
    static func filled(_ value: UInt8, _ byteCount: Int) -> AlignedBuffer {
        var buffer = AlignedBuffer(minimumByteCount: byteCount)
        buffer.withMutableBytes { bytes in for index in bytes.indices { bytes[index] = value } }
        return buffer
    }
}

/// How long a thread computed.
enum ProcessorTime {
    /// This thread, so far.
    static func ofThread() -> TimeSpan {
        var time = timespec()
        _ = unsafe clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return TimeSpan(nanoseconds: Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec))
    }
}
