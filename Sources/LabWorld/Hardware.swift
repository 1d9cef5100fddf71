internal import Glibc
public import LabPlatform

/// The hardware of one host: a watchdog card and a sysrq file, in a process of its own that knows nothing of
/// the daemon.
///
/// It counts on while the host is frozen, and resets by itself: it needs no other process of the lab for
/// that.
public final class Hardware: FuseFiles {
    private var watchdog = WatchdogDevice()
    private let host: String
    private let stop: HostStop
    private let output = Descriptor(owning: 1)

    private enum Number {
        static let root: UInt64 = 1
        static let watchdog: UInt64 = 2
        static let sysrq: UInt64 = 3
    }

    /// The hardware of a host, and how that is stopped.
    init(host: String, stop: HostStop) {
        self.host = host
        self.stop = stop
    }

    /// Serves the hardware of `host` until the input ends.
    public static func run(directory: String, host: String) throws(LabError) {
        let plan = try LabPlan.load(directory: directory)
        let paths = LabPaths(root: directory).host(host)
        let hardware = Hardware(host: host, stop: HostStop(plan: plan, host: host))
        let volume = try FuseVolume(at: paths.devices, name: "holdfast-lab-\(host)", files: hardware)
        try Bench.run(
            Bench.Parts(volume: volume, obey: { hardware.obey($0) }, tick: { hardware.tick($0) })
        )
    }

    private func say(_ text: String) {
        output.write(text: "event \(text)\n")
    }

    private func obey(_ line: String) -> String {
        switch line {
        case "power-cycle": watchdog.reset(byCard: false)
        case "power-cycle watchdog": watchdog.reset(byCard: true)
        default: return "unknown command \(line)"
        }
        return "ok"
    }

    private func tick(_ now: Int64) -> Int64? {
        if watchdog.fires(at: now) {
            stop.now()
            say("reset watchdog")
        }
        return watchdog.deadline
    }

    private func sysrq(_ letter: UInt8) {
        switch letter {
        case UInt8(ascii: "b"), UInt8(ascii: "c"):
            stop.now()
            say("reset sysrq")
        case UInt8(ascii: "o"):
            stop.now()
            say("off sysrq")
        default: break
        }
    }

    // What the kernel asks for.

    /// The two files and their folder.
    public func node(_ number: UInt64) -> FuseNode? {
        switch number {
        case Number.root: FuseNode(number: number, name: "", isFolder: true, permissions: 0o755)
        case Number.watchdog: FuseNode(number: number, name: "watchdog")
        case Number.sysrq: FuseNode(number: number, name: "sysrq", permissions: 0o200)
        default: nil
        }
    }

    /// Both files.
    public func children(of folder: UInt64) -> [FuseNode] {
        folder == Number.root ? [Number.watchdog, Number.sysrq].compactMap { node($0) } : []
    }

    /// Nothing is made here.
    public func create(_ name: String, in folder: UInt64) -> FuseNode? { nil }

    /// Opening the watchdog arms it.
    public func open(_ number: UInt64) -> Int32 {
        guard number == Number.watchdog else { return 0 }
        let outcome = watchdog.open(at: LabClock.now)
        say(outcome == 0 ? "watchdog opened" : "watchdog open refused: busy")
        return outcome
    }

    /// Closing it disarms it only after a magic character.
    public func close(_ number: UInt64) {
        guard number == Number.watchdog else { return }
        // A host that was reset meanwhile closes a card that is fresh again: no news.
        guard watchdog.isOpen else { return }
        say(
            watchdog.close(at: LabClock.now)
                ? "watchdog closed and disarmed" : "watchdog closed without V: it counts on"
        )
    }

    /// Neither file can be read.
    public func read(_ number: UInt64, offset: Int64, count: Int, reply: FuseReply) {
        reply.finish(EINVAL)
    }

    /// A feed, or a letter for sysrq.
    public func write(_ number: UInt64, offset: Int64, bytes: [UInt8], reply: FuseReply) {
        if number == Number.watchdog {
            watchdog.write(bytes, at: LabClock.now)
        } else if let letter = bytes.first {
            sysrq(letter)
        }
        reply.finish(writing: bytes.count)
    }

    /// Nothing to do.
    public func sync(_ number: UInt64, reply: FuseReply) { reply.finish(0) }

    /// Opening with O_TRUNC is no error, as with a device.
    public func resize(_ number: UInt64, to size: Int64) -> Int32 { 0 }

    /// The watchdog's commands.
    public func control(_ number: UInt64, command: UInt32, input: [UInt8], outputCount: Int, reply: FuseReply)
    {
        guard number == Number.watchdog else { return reply.finish(ENOTTY) }
        switch watchdog.control(command, input: input, at: LabClock.now) {
        case .output(let bytes): reply.finish(control: bytes)
        case .failure(let number): reply.finish(number)
        }
    }
}
