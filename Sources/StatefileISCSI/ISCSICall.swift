internal import CISCSI

/// One request under way on a connection, and then how it ended.
///
/// libiscsi keeps its address until it has called back, or until its context is destroyed, which calls back
/// as well. The `ISCSIConnection` owns it and destroys the context in its own deinit, while it is still
/// there; so it outlives every use of its address. One thread uses it.
final class ISCSICall {
    /// How it ended.
    enum End: Equatable {
        /// Nothing was asked.
        case idle
        /// Not yet.
        case waiting
        /// The target did it.
        case good
        /// The unit answered with sense data.
        case check(SenseData)
        /// The unit is reserved by somebody.
        case reserved
        /// The connection failed, or the target refused in another way.
        case broken
    }

    private(set) var end = End.idle
    /// What an inquiry or the like answered; reads of blocks go to their buffer instead.
    private(set) var answer: [UInt8] = []
    private var keepsAnswer = false

    /// Whether something is under way.
    var isBusy: Bool { end == .waiting }
    /// Whether nothing is under way, and no end waits to be taken.
    var isIdle: Bool { end == .idle }

    /// Makes it ready for a request.
    func begin(keepsAnswer: Bool = false) {
        end = .waiting
        self.keepsAnswer = keepsAnswer
        if keepsAnswer { answer = [] }
    }

    /// The request could not even be queued.
    func failToBegin() { end = .broken }

    /// Takes the end, so that it is told once.
    func takeEnd() -> End {
        defer { if end != .waiting { end = .idle } }
        return end
    }

    /// The address that libiscsi gives back.
    var context: UnsafeMutableRawPointer { unsafe Unmanaged.passUnretained(self).toOpaque() }

    /// libiscsi's callback of connect and login.
    static func finishPlain(_ status: Int32, _ context: UnsafeMutableRawPointer?) {
        guard let context = unsafe context else { return }
        // `context` is the address of the call whose connection is still there (see above).
        let call = unsafe Unmanaged<ISCSICall>.fromOpaque(context).takeUnretainedValue()
        call.end = status == Int32(SCSI_STATUS_GOOD.rawValue) ? .good : .broken
    }

    /// libiscsi's callback of a SCSI command, whose task is freed here.
    static func finishTask(
        _ status: Int32,
        _ data: UnsafeMutableRawPointer?,
        _ context: UnsafeMutableRawPointer?
    ) {
        guard let context = unsafe context else { return }
        // As above; `data` is the command's task, which libiscsi touches no more after this.
        let call = unsafe Unmanaged<ISCSICall>.fromOpaque(context).takeUnretainedValue()
        let task = unsafe data?.assumingMemoryBound(to: scsi_task.self)
        switch UInt32(bitPattern: status) {
        case SCSI_STATUS_GOOD.rawValue:
            if call.keepsAnswer, let task = unsafe task { unsafe call.keep(task.pointee.datain) }
            call.end = .good
        case SCSI_STATUS_CHECK_CONDITION.rawValue:
            call.end = unsafe .check(task.map { unsafe SenseData($0.pointee.sense) } ?? SenseData())
        case SCSI_STATUS_RESERVATION_CONFLICT.rawValue:
            call.end = .reserved
        default:
            call.end = .broken
        }
        if let task = unsafe task { unsafe scsi_free_scsi_task(task) }
    }

    private func keep(_ data: scsi_data) {
        guard let start = unsafe data.data, unsafe data.size > 0 else { return }
        // The task owns `size` bytes at `data` until it is freed, after this.
        answer = unsafe Array(UnsafeBufferPointer(start: start, count: Int(data.size)))
    }
}

/// Why a unit did not do what it was asked: SCSI's sense key, additional sense code and its qualifier.
struct SenseData: BitwiseCopyable, Hashable, Sendable {
    var key: UInt8 = 0
    var code: UInt8 = 0
    var qualifier: UInt8 = 0

    init(key: UInt8 = 0, code: UInt8 = 0, qualifier: UInt8 = 0) {
        self.key = key
        self.code = code
        self.qualifier = qualifier
    }

    init(_ sense: scsi_sense) {
        let pair = UInt16(truncatingIfNeeded: sense.ascq)
        self.init(
            key: UInt8(truncatingIfNeeded: sense.key.rawValue),
            code: UInt8(pair >> 8),
            qualifier: UInt8(pair & 0xFF)
        )
    }

    /// What follows from it for whoever asked.
    enum Verdict: Equatable {
        /// Ask again: it told of something that happened before, and did nothing.
        case again
        /// The unit behind this session may have changed: make the session anew, with its checks.
        case anew
        /// The request, as it was put, is not known to the unit.
        case unsupported
        /// This path leads to a port that does not serve the unit now.
        case path
        /// The unit is not there.
        case noUnit
        /// The unit takes no writes.
        case writeProtected
        /// The medium or the unit failed.
        case failed
    }

    /// The verdict; the codes are those of SPC and SBC.
    var verdict: Verdict {
        switch (key, code) {
        // UNIT ATTENTION: the unit was powered on or reset, perhaps as another one in the place of ours (seen
        // with tgt); or inquiry data, reported units or capacity have changed.
        case (6, 0x29): .anew
        case (6, 0x3F): .anew
        case (6, 0x2A) where qualifier == 0x09: .anew
        case (6, _): .again
        // ABORTED COMMAND: the unit says that it did not do it.
        case (0xB, _): .again
        // NOT READY: the port is in standby, unavailable or in transition (ALUA).
        case (2, 0x04) where (0x0A...0x0C).contains(qualifier): .path
        case (2, _): .failed
        case (5, 0x25): .noUnit
        case (5, 0x20), (5, 0x24), (5, 0x26): .unsupported
        case (7, _): .writeProtected
        default: .failed
        }
    }
}

extension SenseData: CustomStringConvertible {
    /// As tables of sense codes write it: `key 6h, 29h/00h`.
    var description: String {
        func hex(_ byte: UInt8) -> String { String(byte, radix: 16, uppercase: true) + "h" }
        return "sense key \(hex(key)), code \(hex(code))/\(hex(qualifier))"
    }
}
