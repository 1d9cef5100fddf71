import ArgumentParser
import Glibc
import StatefileBlock

/// `holdfast statefile check`.
struct CheckStatefile: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Say whether a statefile can be used, and what is off about it.",
        discussion: """
            Reads only, and may be used while the pool runs. The exit status is 0 when nothing is off, 3 \
            when the statefile can be used but something is, 65 when it cannot be used.

            EXAMPLE: holdfast statefile check && systemctl start holdfastd
            """
    )

    @OptionGroup var access: StatefileAccess
    @OptionGroup var output: Output

    /// The result for programs.
    struct Result: Encodable {
        let path: String
        let isUsable: Bool
        let findings: [StatefileFinding]
    }

    func run() throws {
        var authenticator = try access.key.authenticator()
        let file = try StatefileFile.reading(try access.place())
        var contents = try StatefileContents(reading: file, authenticator: &authenticator)
        var findings = StatefileFinding.all(in: contents)
        if !findings.isEmpty {
            // A record that is being written this moment reads as torn: look again before saying so.
            usleep(700_000)
            contents = try StatefileContents(reading: file, authenticator: &authenticator)
            findings = StatefileFinding.all(in: contents)
        }
        let isUsable = !findings.contains { $0.isFatal }
        let result = Result(path: contents.path, isUsable: isUsable, findings: findings)
        try output.show(result) { StatefileText(contents: contents, ink: $0).verdict(findings) }
        guard isUsable else { throw ExitCode(ExitStatus.badData.rawValue) }
        guard findings.isEmpty else { throw ExitCode(ExitStatus.reduced.rawValue) }
    }
}

/// Something about a statefile that is not as it should be.
struct StatefileFinding: Encodable {
    /// The pool cannot go on with it.
    let isFatal: Bool
    /// What, of whom, and what follows from it.
    let sentence: String

    /// Everything that is off.
    static func all(in contents: StatefileContents) -> [StatefileFinding] {
        slots(contents) + ballots(contents) + history(contents) + poolRecords(contents)
    }

    private static func slots(_ contents: StatefileContents) -> [StatefileFinding] {
        contents.slots.filter { $0.verdict != "valid" }.map {
            StatefileFinding(
                isFatal: false,
                sentence:
                    "the slot of \($0.host) cannot be used (\($0.verdict)): that host counts as silent on the "
                    + "statefile until it writes again"
            )
        }
    }

    private static func ballots(_ contents: StatefileContents) -> [StatefileFinding] {
        contents.hosts.flatMap { host -> [StatefileFinding] in
            let own = contents.ballots.filter { $0.host == host }
            guard own.contains(where: { $0.verdict == "valid" }) else {
                return [
                    StatefileFinding(
                        isFatal: true,
                        sentence:
                            "no ballot record of \(host) can be used: no host can decide a view any more; "
                            + "disable high availability, then format anew"
                    )
                ]
            }
            return own.filter { !["valid", "blank"].contains($0.verdict) }.map {
                StatefileFinding(
                    isFatal: false,
                    sentence:
                        "ballot sub-block \($0.subBlock) of \(host) cannot be used (\($0.verdict)); an older or "
                        + "newer one of it stands for it"
                )
            }
        }
    }

    /// [SAFE-3]: one view an epoch.
    private static func history(_ contents: StatefileContents) -> [StatefileFinding] {
        var seen: [UInt64: ViewContent] = [:]
        for view in contents.ballots.compactMap(\.decided) {
            guard let former = seen.updateValue(view, forKey: view.epoch), former != view else { continue }
            return [
                StatefileFinding(
                    isFatal: true,
                    sentence:
                        "two different views were decided for epoch \(view.epoch): this must never happen; keep a "
                        + "dump of this statefile and report it"
                )
            ]
        }
        return []
    }

    private static func poolRecords(_ contents: StatefileContents) -> [StatefileFinding] {
        guard !contents.poolRecords.isEmpty else {
            return [
                StatefileFinding(
                    isFatal: false,
                    sentence:
                        "there is no room for pool records: hosts are fenced, but no machine can be registered; "
                        + "format a larger file or device"
                )
            ]
        }
        return contents.hosts.filter { host in
            !contents.poolRecords.contains { $0.host == host && $0.verdict == "valid" }
        }.map {
            StatefileFinding(isFatal: false, sentence: "no copy of the pool record of \($0) can be used")
        }
    }
}
