public import LabPlatform

/// A guest of the lab: writes twenty records a second to its disk until it is ended.
public struct Guest {
    /// The machine's name.
    public let machine: String
    /// The folder of the host it runs on.
    public let hostFolder: String

    /// A guest of this name on the host of this folder.
    public init(machine: String, hostFolder: String) {
        self.machine = machine
        self.hostFolder = hostFolder
    }

    /// From one record to the next.
    public static let interval = 50

    /// Writes until SIGTERM.
    ///
    /// A failed write is tried again with the same number, as a guest's disk driver does.
    public func run() throws(LabError) {
        let signals = try Signals()
        let host = line("name") ?? "unknown"
        let boot = line("boot_id") ?? "unknown"
        let path = hostFolder + "/shared/guests/\(machine).disk"
        let disk = try GuestDisk(path: path)
        var counter = try lastCounter(disk, path: path) + 1
        let run = String(UInt64.random(in: 1...UInt64.max), radix: 16)
        var next = LabClock.now
        while true {
            let record = GuestRecord(
                machine: machine,
                host: host,
                boot: boot,
                run: run,
                pid: Processes.ownPid,
                counter: counter,
                issued: LabClock.now
            )
            if disk.write(record) == 0 { counter += 1 }
            next = max(next + Int64(Guest.interval) * LabClock.millisecond, LabClock.now)
            let wait = Int((next - LabClock.now) / LabClock.millisecond)
            let ready = Poller.readable([signals.number], milliseconds: wait)
            if !ready.isEmpty, signals.next() == .stop { return }
        }
    }

    private func line(_ file: String) -> String? {
        FileTree.text(hostFolder + "/" + file)?.split(separator: "\n").first.map(String.init)
    }

    private func lastCounter(_ disk: GuestDisk, path: String) throws(LabError) -> UInt64 {
        do {
            return GuestRecord.all(on: try disk.read()).map(\.counter).max() ?? 0
        } catch {
            throw LabError("guest \(machine) cannot read its disk \(path): \(error)")
        }
    }
}
