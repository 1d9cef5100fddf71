public import LabPlatform

/// One host of the lab as a virtual machine: its emulator, console, control connection and command line.
public final class VMHost {
    /// Its name, `lab1`.
    public let name: String
    /// From 1.
    public let number: Int
    /// All that was seen of it so far, in order.
    public private(set) var happenings: [VMHappening] = []
    /// How often it booted.
    public private(set) var bootCount = 0
    private let process: Int32
    private let console: LineConnection
    private let log: Descriptor
    private let sockets: (monitor: String, shell: String)
    private var monitor: QemuMonitor?
    private var shell: LineConnection?
    private var answers: [String] = []
    private var nextCommand = 1
    private let disk: BenchProcess
    /// When its kernel was started last, while its first program has not said so.
    private var bootingSince: Int64?

    /// Starts the emulator; its disks are those that the disk service shows.
    init(_ number: Int, plan: VMPlan, kernel: VMKernel, initrd: String, disk: BenchProcess) throws(LabError) {
        self.number = number
        self.disk = disk
        name = "lab\(number)"
        let paths = LabPaths(root: plan.lab.directory).host(name)
        sockets = (paths.run + "/monitor.sock", paths.run + "/shell.sock")
        log = try Descriptor(path: paths.logs + "/console.log", flags: OpenFlags.appendToLog)
        let errors = try Descriptor(path: paths.logs + "/qemu.log", flags: OpenFlags.appendToLog)
        let from = try Descriptor.pipe()
        let arguments = VMArguments(plan: plan, kernel: kernel, host: number, initrd: initrd)
        let start = ProgramStart(
            "/usr/bin/qemu-system-x86_64",
            arguments.words(monitor: sockets.monitor, shell: sockets.shell)
        )
        process = try Processes.start(start, output: from.writing, errors: errors)
        bootingSince = LabClock.now
        from.writing.close()
        console = LineConnection(from.reading)
    }

    /// What can be read: console, control connection, command line.
    var numbers: [Int32] {
        [console.number] + [monitor?.number, shell?.number].compactMap { $0 }
    }

    /// Connects to what the emulator opened meanwhile.
    func connect() {
        if monitor == nil { monitor = try? QemuMonitor(path: sockets.monitor) }
        if shell == nil { shell = try? LineConnection(path: sockets.shell) }
    }

    /// Takes what came over one of `numbers`.
    func take(_ ready: Int32) {
        let now = LabClock.now
        switch ready {
        case console.number: takeConsole(now)
        case monitor?.number:
            for kind in monitor?.receive() ?? [] { note(VMHappening(at: now, kind: kind)) }
            if monitor?.isClosed == true { monitor = nil }
        case shell?.number:
            answers += shell?.receive() ?? []
            if shell?.isClosed == true { shell = nil }
        default: break
        }
    }

    private func takeConsole(_ now: Int64) {
        for line in console.receive() {
            // The serial line ends lines with a carriage return as well.
            let text = String(line.filter { $0 != "\r" && $0 != "\r\n" })
            log.write(text: "\(now) \(text)\n")
            if text.hasPrefix(VMInit.bootMark) {
                bootCount += 1
                bootingSince = nil
            }
            note(VMHappening(at: now, kind: .line(text)))
        }
    }

    private func note(_ happening: VMHappening) {
        happenings.append(happening)
        // A host that was reset has nothing under way any more; its next boot finds its path well.
        if happening.end != nil { dropRequests() }
        if happening.kind == .reset || happening.end != nil { bootingSince = happening.at }
    }

    private func dropRequests() {
        _ = disk.command("drop")
        _ = disk.command("healthy")
    }

    /// The first end of this host at or after `since`, and when.
    public func end(since: Int64) -> (how: VMHappening.End, at: Int64)? {
        for happening in happenings where happening.at >= since {
            if let how = happening.end { return (how, happening.at) }
        }
        // The kernel says nothing when it resets after a panic.
        guard line(with: "Kernel panic", since: since) != nil else { return nil }
        return happenings.last { $0.kind == .reset && $0.at >= since }.map { (.panic, $0.at) }
    }

    /// When a line with this text came at or after `since`.
    public func line(with text: String, since: Int64) -> Int64? {
        for happening in happenings where happening.at >= since {
            if case .line(let line) = happening.kind, line.contains(text) { return happening.at }
        }
        return nil
    }

    /// Sends a command line to the host; the number under which its answer comes.
    func ask(_ command: String) -> Int? {
        guard let shell else { return nil }
        defer { nextCommand += 1 }
        return shell.send("LAB \(nextCommand) \(command)") ? nextCommand : nil
    }

    /// The answer to the command with this number, once it is whole.
    func answer(_ number: Int) -> (status: Int, output: String)? {
        let mark = "LAB-DONE \(number) "
        guard let end = answers.firstIndex(where: { $0.hasPrefix(mark) }) else { return nil }
        let output = answers[..<end].filter { !$0.hasPrefix("LAB-DONE ") }.joined(separator: "\n")
        let status = Int(answers[end].dropFirst(mark.count).prefix { $0.isNumber }) ?? -1
        answers.removeFirst(end + 1)
        return (status, output)
    }

    /// What its path to the shared disk does from now on: `stalled`, `failing`, `healthy`.
    public func setPath(_ path: DiskPath) throws(LabError) {
        let line = path == .healthy ? "heal in-order" : path.words
        guard disk.command(line)?.hasPrefix("ok") == true else {
            throw LabError("the disk service of \(name) does not take '\(line)'")
        }
    }

    /// Pulls or plugs its network cable.
    public func setLink(isUp: Bool) { monitor?.setLink(isUp: isUp) }

    /// Resets it from outside, with its path to the shared disk well again.
    public func powerCycle() {
        dropRequests()
        bootingSince = LabClock.now
        monitor?.send("system_reset")
    }

    /// Whether its kernel was started so long ago and its first program has not begun.
    public func hangsInBoot(longerThan seconds: Double) -> Bool {
        bootingSince.map { Double(LabClock.now - $0) / 1e9 > seconds } ?? false
    }

    /// Ends the emulator.
    func stop() {
        Processes.end(process)
        _ = Processes.waitForEnd(of: process)
    }
}
