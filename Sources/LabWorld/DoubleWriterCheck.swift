/// One run of a machine: from its first write to its last.
public struct MachineRun: Equatable, Sendable, Codable {
    /// The machine.
    public var machine: String
    /// The host whose path the writes took.
    public var host: String
    /// The boot of that host.
    public var boot: String
    /// The run's own name.
    public var run: String
    /// Its process on that host.
    public var pid: Int32
    /// When its first write was issued.
    public var firstIssued: Int64
    /// When its last write was issued.
    public var lastIssued: Int64
    /// When its last write landed.
    public var lastLanded: Int64
    /// How many writes it did.
    public var writeCount: Int
    /// The number in its first record.
    public var firstCounter: UInt64
    /// The number in its last record.
    public var lastCounter: UInt64
}

/// What the checker found, which is meant never to be anything.
public struct CheckFinding: Equatable, Sendable, Codable {
    /// What kind it is.
    public enum Kind: String, Sendable, Codable {
        /// Two runs of one machine wrote in the same stretch of time.
        case twoWriters = "two-writers"
        /// A write of an old run landed after the new one had begun.
        case lateLanding = "late-landing"
        /// The numbers of one run do not rise, or two runs used one number.
        case counter
        /// A record names another machine or host than its disk and path do.
        case identity
        /// The disk does not hold what the log says was written last.
        case disk
    }

    /// What kind it is.
    public var kind: Kind
    /// Of which machine.
    public var machine: String
    /// The whole story with hosts, boots and times.
    public var sentence: String
}

/// Finds every moment in which a machine had two writers: pure, over the logs of the disk services alone.
public struct DoubleWriterCheck: Sendable {
    private var writes: [String: [LoggedWrite]] = [:]
    private let hostsHaveOwnClocks: Bool

    /// A check over these writes.
    ///
    /// Where hosts have clocks of their own (virtual machines), what a guest says of when it wrote
    /// cannot be compared
    /// with another's: then a write counts as issued when it came to the disk service, which is later
    /// by the time of its
    /// way there.
    public init(_ writes: [LoggedWrite], hostsHaveOwnClocks: Bool = false) {
        self.hostsHaveOwnClocks = hostsHaveOwnClocks
        for write in writes { self.writes[machine(of: write), default: []].append(write) }
    }

    private func machine(of write: LoggedWrite) -> String {
        write.file.hasSuffix(".disk") ? String(write.file.dropLast(5)) : write.file
    }

    private func issued(_ write: LoggedWrite) -> Int64 {
        hostsHaveOwnClocks ? write.arrived : write.record.issued
    }

    /// The machines that wrote anything.
    public var machines: [String] { writes.keys.sorted() }

    /// The runs of a machine, in the order in which they began.
    public func runs(of machine: String) -> [MachineRun] {
        var runs: [String: MachineRun] = [:]
        for write in writes[machine] ?? [] {
            let record = write.record
            let key = write.path + " " + record.boot + " " + record.run
            guard var known = runs[key] else {
                runs[key] = MachineRun(
                    machine: machine,
                    host: write.path,
                    boot: record.boot,
                    run: record.run,
                    pid: record.pid,
                    firstIssued: issued(write),
                    lastIssued: issued(write),
                    lastLanded: write.landed,
                    writeCount: 1,
                    firstCounter: record.counter,
                    lastCounter: record.counter
                )
                continue
            }
            // Issued: what the guest says just before the call, but never later than the service saw it.
            known.firstIssued = min(known.firstIssued, issued(write), write.arrived)
            known.lastIssued = max(known.lastIssued, issued(write))
            known.lastLanded = max(known.lastLanded, write.landed)
            known.writeCount += 1
            known.firstCounter = min(known.firstCounter, record.counter)
            known.lastCounter = max(known.lastCounter, record.counter)
            runs[key] = known
        }
        return runs.values.sorted { ($0.firstIssued, $0.run) < ($1.firstIssued, $1.run) }
    }

    /// Everything that is wrong.
    public func findings() -> [CheckFinding] {
        machines.flatMap { overlaps(of: $0) + counters(of: $0) + identities(of: $0) }
    }

    private func overlaps(of machine: String) -> [CheckFinding] {
        let runs = runs(of: machine)
        var findings: [CheckFinding] = []
        for (index, later) in runs.enumerated() {
            for earlier in runs[..<index] {
                if earlier.lastIssued >= later.firstIssued {
                    findings.append(finding(.twoWriters, earlier, later, until: earlier.lastIssued))
                } else if earlier.lastLanded >= later.firstIssued {
                    findings.append(finding(.lateLanding, earlier, later, until: earlier.lastLanded))
                }
            }
        }
        return findings
    }

    private func finding(
        _ kind: CheckFinding.Kind,
        _ earlier: MachineRun,
        _ later: MachineRun,
        until: Int64
    ) -> CheckFinding {
        let overlap = Double(until - later.firstIssued) / 1e9
        let what = kind == .twoWriters ? "issued a write" : "had a write land"
        return CheckFinding(
            kind: kind,
            machine: later.machine,
            sentence:
                "\(later.machine): the run on \(earlier.host) (boot \(earlier.boot), pid \(earlier.pid)) "
                + "\(what) "
                + "\(overlap) s after the run on \(later.host) (boot \(later.boot), pid \(later.pid)) had "
                + "begun to "
                + "write at \(Double(later.firstIssued) / 1e9) s"
        )
    }

    private func counters(of machine: String) -> [CheckFinding] {
        var findings: [CheckFinding] = []
        var users: [UInt64: String] = [:]
        var last: [String: UInt64] = [:]
        var clashes: Set<String> = []
        for write in (writes[machine] ?? []).sorted(by: { $0.landed < $1.landed }) {
            let record = write.record
            // Once for each pair of runs: the first number tells the story.
            if let user = users[record.counter], user != record.run,
                clashes.insert([user, record.run].sorted().joined(separator: " ")).inserted
            {
                findings.append(
                    CheckFinding(
                        kind: .counter,
                        machine: machine,
                        sentence:
                            "\(machine): number \(record.counter) was written by run \(user) and by run "
                            + "\(record.run) on \(write.path): one of the two did not read the other's last "
                            + "record"
                    )
                )
            }
            if let before = last[record.run], record.counter != before + 1, record.counter != before {
                findings.append(
                    CheckFinding(
                        kind: .counter,
                        machine: machine,
                        sentence:
                            "\(machine): run \(record.run) on \(write.path) wrote number \(record.counter) "
                            + "after "
                            + "\(before): a write is missing in the log or landed out of order"
                    )
                )
            }
            users[record.counter] = record.run
            last[record.run] = record.counter
        }
        return findings
    }

    private func identities(of machine: String) -> [CheckFinding] {
        (writes[machine] ?? []).filter { $0.record.machine != machine || $0.record.host != $0.path }.map {
            write in
            CheckFinding(
                kind: .identity,
                machine: machine,
                sentence:
                    "\(machine): a record names machine \(write.record.machine) on \(write.record.host), "
                    + "but it "
                    + "came to the disk \(write.file) through \(write.path)"
            )
        }
    }

    /// Compares what lay on a machine's disk at `takenAt` with the writes that had landed by then and later.
    public func compare(disk records: [GuestRecord], of machine: String, takenAt: Int64) -> [CheckFinding] {
        let logged = writes[machine] ?? []
        let onDisk = records.max { $0.counter < $1.counter }
        let landed = logged.filter { $0.landed < takenAt }.max { $0.record.counter < $1.record.counter }?
            .record
        let isLogged = onDisk.map { record in logged.contains { $0.record == record } } ?? true
        if isLogged, (landed?.counter ?? 0) <= (onDisk?.counter ?? 0) { return [] }
        return [
            CheckFinding(
                kind: .disk,
                machine: machine,
                sentence:
                    "\(machine): the newest record on the disk is '\(onDisk?.text ?? "none")', the newest "
                    + "in the "
                    + "logs is '\(landed?.text ?? "none")': somebody wrote past the disk services"
            )
        ]
    }
}
