import AdminProtocol

/// A statefile as text.
struct StatefileText {
    let contents: StatefileContents
    let ink: Ink

    /// After a format.
    var made: String {
        """
        \(contents.path) is the statefile of pool \(ink.strong(contents.generation)) now.
        \(summary)\(notes)
        Next: start holdfastd on \(contents.hosts.joined(separator: ", ")); every one of them has to join once.
        """
    }

    private var notes: String {
        guard contents.poolRecords.isEmpty else { return "" }
        return "\n  " + ink.warning("~ ")
            + "it is too small for pool records: machines cannot be protected with it"
    }

    /// Everything.
    var all: String { [head, slots, ballots, view, poolRecords].joined(separator: "\n\n") }

    /// What a check found.
    func verdict(_ result: CheckStatefile.Result) -> String {
        let lines = result.findings.map { ($0.isFatal ? ink.bad("! ") : ink.warning("~ ")) + $0.sentence }
        let head = lines.isEmpty ? ink.good("\(contents.path): nothing is off") : contents.path + ":"
        return ([head] + lines + [summary] + speed(result)).joined(separator: "\n")
    }

    /// How long the rounds took, as figures, as a histogram, and what follows.
    private func speed(_ result: CheckStatefile.Result) -> [String] {
        var lines: [String] = []
        if let writes = result.writes { lines += latency("writing the own slot", writes, result.rounds) }
        lines += latency("reading all slots", result.reads, result.rounds)
        if let reason = result.readOnlyBecause {
            lines.append("  " + ink.warning("nothing was written: ") + reason)
        }
        let longest = max(result.reads.longestSeconds, result.writes?.longestSeconds ?? 0)
        let worst = "worst \(result.writes == nil ? "read" : "request") \(milliseconds(longest))"
        if let profile = result.safeProfile {
            lines.append("  \(worst): " + ink.good("'\(profile)' is safe"))
        } else {
            lines.append(
                "  \(worst): " + ink.bad("no profile is safe")
                    + "; find out why the storage is so slow, or set storage-stall-tolerance"
            )
        }
        return lines
    }

    private func latency(_ what: String, _ latency: CheckStatefile.Latency, _ count: Int) -> [String] {
        let figures =
            "median \(milliseconds(latency.medianSeconds)), 99 % \(milliseconds(latency.ninetyNinePercentSeconds)),"
            + " longest \(milliseconds(latency.longestSeconds))"
        return ["  \(what), \(count) times: \(figures)"]
            + latency.histogram.map { column in
                let bar = String(repeating: "#", count: (column.count * 50 + count - 1) / count)
                let bound = "<= \(milliseconds(column.upToSeconds))"
                let pad = String(repeating: " ", count: max(0, 14 - bound.count))
                return "    \(pad)\(bound)  \(bar) \(column.count)"
            }
    }

    private func milliseconds(_ seconds: Double) -> String { "\((seconds * 100_000).rounded() / 100) ms" }

    private var summary: String {
        let hosts = contents.hosts.joined(separator: ", ")
        let size =
            "\(contents.usedBytes) of \(contents.byteCount) bytes used, blocks of \(contents.blockBytes)"
        return "  hosts \(hosts); timing \(contents.timing), largest D \(contents.largestDSeconds) s; \(size)"
    }

    private var head: String {
        let created = TimeText.instant(wallMilliseconds: contents.createdAtUnixSeconds * 1000)
        return "\(contents.path): pool \(ink.strong(contents.generation)), formatted \(created)\n\(summary)"
    }

    private var slots: String {
        var table = TextTable([
            "SLOT", "RECORD", "SEQUENCE", "LIFE", "PHASE", "VIEW", "LINKS", "GUESTS", "HEARS", "VOUCHES FOR",
            "LAST WORDS",
        ])
        for slot in contents.slots {
            table.add([
                .init(slot.host) { $0.strong },
                .init(slot.verdict) { ink in { ink.verdict(slot.verdict == "valid", $0) } },
                .init(text(slot.sequence)), .init(text(slot.incarnation)), .init(slot.phase?.rawValue ?? "-"),
                .init(text(slot.epoch)), .init(slot.netOK.map { $0 ? "ok" : "down" } ?? "-"),
                .init(slot.hasGuests.map { $0 ? "yes" : "no" } ?? "-"), .init(names(slot.hears)),
                .init(names(slot.vouches)), .init(slot.lastWords ?? "-"),
            ])
        }
        return table.text(ink)
    }

    private var ballots: String {
        var table = TextTable(["BALLOT", "RECORD", "SEQUENCE", "DECIDING", "PROMISED", "ACCEPTED", "DECIDED"])
        for ballot in contents.ballots where ballot.verdict != "blank" {
            table.add([
                .init("\(ballot.host)/\(ballot.subBlock)") { $0.strong },
                .init(ballot.verdict) { ink in { ink.verdict(ballot.verdict == "valid", $0) } },
                .init(text(ballot.sequence)), .init(text(ballot.instance)), .init(ballot.mbal ?? "-"),
                .init(ballot.bal ?? "-"), .init(text(ballot.decided?.epoch)),
            ])
        }
        return table.text(ink)
    }

    private var view: String {
        guard let view = contents.view else { return "no view was ever decided" }
        let members = view.members.map { "\($0.host) (\($0.incarnation))" }.joined(separator: ", ")
        let removed = view.removed.map { "\($0.host) (\($0.incarnation), \($0.reason?.rawValue ?? "?"))" }
        return "newest decided view \(view.epoch): \(view.state.rawValue), master \(view.master ?? "none"),"
            + " members \(members.isEmpty ? "none" : members)"
            + (removed.isEmpty ? "" : ", removed and not certified \(removed.joined(separator: ", "))")
    }

    private var poolRecords: String {
        guard !contents.poolRecords.isEmpty else { return "no room for pool records" }
        let written = contents.poolRecords.filter { $0.sequence != 0 }
        guard !written.isEmpty else { return "no pool record was ever written" }
        var table = TextTable(["POOL RECORD", "RECORD", "VERSION", "BYTES"])
        for record in written {
            let version = record.epoch.map { "\($0).\(record.sequence ?? 0)" } ?? "-"
            table.add([
                .init("\(record.host)/\(record.copy)") { $0.strong },
                .init(record.verdict) { ink in { ink.verdict(record.verdict == "valid", $0) } },
                .init(version), .init(record.payloadBytes.map { "\($0)" } ?? "-"),
            ])
        }
        return table.text(ink)
    }

    private func text(_ number: (some BinaryInteger)?) -> String { number.map { "\($0)" } ?? "-" }

    private func names(_ hosts: [String]?) -> String {
        guard let hosts else { return "-" }
        return hosts.isEmpty ? "nobody" : hosts.joined(separator: " ")
    }
}
