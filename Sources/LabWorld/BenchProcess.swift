internal import LabPlatform

/// A bench process (hardware, disk, relay) seen from the supervisor.
final class BenchProcess {
    let pid: Int32
    let name: String
    private let input: Descriptor
    private let output: LineConnection
    private var events: [String] = []

    /// Starts `holdfast-lab-host ROLE ...` and waits until it serves.
    init(_ name: String, program: String, arguments: [String], cgroup: String?, log: String) throws(LabError)
    {
        self.name = name
        let into = try Descriptor.pipe()
        let from = try Descriptor.pipe()
        var start = ProgramStart(program, arguments)
        start.cgroupProcesses = cgroup.map { $0 + "/cgroup.procs" }
        start.hasOwnSession = true
        let errors = try Descriptor(path: log, flags: OpenFlags.appendToLog)
        pid = try Processes.start(start, input: into.reading, output: from.writing, errors: errors)
        into.reading.close()
        from.writing.close()
        input = into.writing
        output = LineConnection(from.reading)
        guard let first = output.receiveLine(milliseconds: 10_000), first == "event ready" else {
            let words = FileTree.text(log)?.split(separator: "\n").last.map(String.init) ?? "it said nothing"
            throw LabError("\(name) did not come up: \(words)")
        }
    }

    /// For poll.
    var number: Int32 { output.number }

    /// Commands and waits for the answer; nil when the process is gone or does not answer within 5 s.
    func command(_ line: String) -> String? {
        guard input.write(text: line + "\n") else { return nil }
        let deadline = LabClock.now + 5 * LabClock.second
        while LabClock.now < deadline {
            let left = Int((deadline - LabClock.now) / LabClock.millisecond)
            guard let answer = output.receiveLine(milliseconds: left) else { return nil }
            if answer.hasPrefix("done ") { return String(answer.dropFirst(5)) }
            take(answer)
        }
        return nil
    }

    private func take(_ line: String) {
        if line.hasPrefix("event ") { events.append(String(line.dropFirst(6))) }
    }

    /// What it told meanwhile.
    func takeEvents() -> [String] {
        while !output.isClosed, !Poller.readable([number], milliseconds: 0).isEmpty {
            for line in output.receive() { take(line) }
        }
        defer { events = [] }
        return events
    }

    /// Ends its input, upon which it unmounts and ends.
    func finish() {
        input.close()
    }
}
