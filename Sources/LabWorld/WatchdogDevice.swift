internal import Glibc

/// What a watchdog timer card does, strict as the kernel's watchdog core: a value that is told the time.
///
/// Opening feeds and arms. A second open is refused. Any write feeds; a write with `V` in it permits the next
/// close to disarm. A close without that leaves it running. Times are nanoseconds of one clock.
public struct WatchdogDevice: Sendable {
    /// The timeout in whole seconds, as real cards take it.
    public private(set) var timeoutSeconds = 60
    /// It counts.
    public private(set) var isArmed = false
    /// Somebody has it open.
    public private(set) var isOpen = false
    /// When it fires, while it counts.
    public private(set) var deadline: Int64?
    private var expectsClose = false
    private var lastBootWasByCard = false

    /// A card after power-on: not armed.
    public init() {}

    /// What a device command gives.
    public enum Answer: Equatable, Sendable {
        /// It worked and gives these bytes back.
        case output([UInt8])
        /// It failed with this error number.
        case failure(Int32)
    }

    private mutating func feed(at now: Int64) {
        deadline = now + Int64(timeoutSeconds) * 1_000_000_000
    }

    /// open(2): zero or EBUSY.
    public mutating func open(at now: Int64) -> Int32 {
        if isOpen { return EBUSY }
        isOpen = true
        isArmed = true
        expectsClose = false
        feed(at: now)
        return 0
    }

    /// write(2).
    public mutating func write(_ bytes: [UInt8], at now: Int64) {
        guard !bytes.isEmpty else { return }
        expectsClose = bytes.contains(UInt8(ascii: "V"))
        if isArmed { feed(at: now) }
    }

    /// close(2) of the last descriptor; whether that disarmed it.
    ///
    /// Without the magic character the kernel feeds once more (watchdog_release in
    /// drivers/watchdog/watchdog_dev.c), and so does this card.
    public mutating func close(at now: Int64) -> Bool {
        isOpen = false
        guard expectsClose else {
            if isArmed { feed(at: now) }
            return false
        }
        expectsClose = false
        isArmed = false
        deadline = nil
        return true
    }

    /// ioctl(2).
    public mutating func control(_ command: UInt32, input: [UInt8], at now: Int64) -> Answer {
        switch command {
        case Command.support: return .output(WatchdogDevice.support)
        case Command.status: return .output(bytes(0))
        case Command.bootStatus: return .output(bytes(lastBootWasByCard ? 0x20 : 0))
        case Command.keepAlive:
            if isArmed { feed(at: now) }
            return .output(bytes(0))
        case Command.setTimeout:
            guard let wanted = number(input) else { return .failure(EFAULT) }
            guard (1...65535).contains(wanted) else { return .failure(EINVAL) }
            timeoutSeconds = Int(wanted)
            if isArmed { feed(at: now) }
            return .output(bytes(wanted))
        case Command.timeout: return .output(bytes(Int32(timeoutSeconds)))
        case Command.timeLeft:
            guard let deadline else { return .output(bytes(0)) }
            return .output(bytes(Int32(max(0, (deadline - now) / 1_000_000_000))))
        case Command.setOptions, Command.preTimeout, Command.setPreTimeout:
            // SETOPTIONS is numbered as if it only read, so FUSE never carries its argument here; the others
            // are optional and this card has none.
            return .failure(EOPNOTSUPP)
        default: return .failure(ENOTTY)
        }
    }

    /// Whether it fires now; it then stops counting, for the host is being reset.
    public mutating func fires(at now: Int64) -> Bool {
        guard isArmed, let deadline, now >= deadline else { return false }
        isArmed = false
        self.deadline = nil
        return true
    }

    /// The host is reset: the card is as after power-on, but tells whether it was the cause.
    public mutating func reset(byCard: Bool) {
        self = WatchdogDevice()
        lastBootWasByCard = byCard
    }

    private enum Command {
        static let support: UInt32 = 0x8028_5700
        static let status: UInt32 = 0x8004_5701
        static let bootStatus: UInt32 = 0x8004_5702
        static let setOptions: UInt32 = 0x8004_5704
        static let keepAlive: UInt32 = 0x8004_5705
        static let setTimeout: UInt32 = 0xC004_5706
        static let timeout: UInt32 = 0x8004_5707
        static let setPreTimeout: UInt32 = 0xC004_5708
        static let preTimeout: UInt32 = 0x8004_5709
        static let timeLeft: UInt32 = 0x8004_570A
    }

    /// struct watchdog_info: options (CARDRESET | SETTIMEOUT | MAGICCLOSE | KEEPALIVEPING), firmware 1, 32
    /// bytes of name.
    private static var support: [UInt8] {
        let options: UInt32 = 0x0020 | 0x0080 | 0x0100 | 0x8000
        let name = Array("Holdfast lab watchdog".utf8)
        return littleEndian(options) + littleEndian(1) + name + [UInt8](repeating: 0, count: 32 - name.count)
    }

    private static func littleEndian(_ value: UInt32) -> [UInt8] {
        (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * UInt32($0))) }
    }

    private func bytes(_ value: Int32) -> [UInt8] { WatchdogDevice.littleEndian(UInt32(bitPattern: value)) }

    private func number(_ input: [UInt8]) -> Int32? {
        guard input.count >= 4 else { return nil }
        return Int32(bitPattern: input.prefix(4).reversed().reduce(0) { $0 << 8 | UInt32($1) })
    }
}
