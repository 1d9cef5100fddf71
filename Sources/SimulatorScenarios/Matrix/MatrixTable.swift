import PoolModel

/// The fault matrix as text.
public enum MatrixTable {
    private static let heads = ["case", "xhad", "Holdfast", "why", "verdict"]

    private static func cells(_ row: MatrixRow) -> [String] {
        [row.title, row.xhad, row.outcome, row.why, row.holds ? "held" : "FAILED"]
    }

    /// The matrix as a document: one table a size of the pool.
    public static func markdown(_ rows: [MatrixRow]) -> String {
        var lines = [
            "# The fault matrix",
            "",
            "Printed by `holdfast-sim matrix --markdown`; a test compares it. Each case is a file in",
            "[`scenarios/matrix`](../scenarios/matrix), played in the simulator with the times of `fast`",
            "([TIMING](TIMING.md)): D = 11.0095 s. Times in parentheses count from the first fault. What xhad does",
            "was observed on 2 to 4 real daemons with a timeout of 6 s; its times are fence / eviction.",
            "",
            "The bars of LIVE-2: a single fault fences one host at most; the whole array alone, or the whole network",
            "alone, fences none. `holdfast-sim matrix` fails where a bar, a promise or an expectation does not hold.",
        ]
        for hosts in Set(rows.map(\.hosts)).sorted() {
            lines += ["", "## \(hosts) hosts", "", "| " + heads.dropLast().joined(separator: " | ") + " |"]
            lines.append("|" + String(repeating: "---|", count: heads.count - 1))
            for row in rows where row.hosts == hosts {
                lines.append("| " + cells(row).dropLast().joined(separator: " | ") + " |")
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// The matrix for a terminal: one case a paragraph, as five columns of prose fit no terminal.
    public static func plain(_ rows: [MatrixRow]) -> String {
        var lines: [String] = []
        for row in rows {
            lines.append("\(row.holds ? "held  " : "FAILED") \(row.hosts) hosts: \(row.title) [\(row.name)]")
            if !row.xhad.isEmpty { lines.append("         xhad      \(row.xhad)") }
            lines.append("         Holdfast  \(row.outcome)")
            if !row.why.isEmpty { lines.append("         why       \(row.why)") }
            lines += row.failures.map { "         FAILED    \($0)" }
        }
        let failed = rows.count { !$0.holds }
        let most = rows.filter { $0.extent == .single }.map(\.fenced.count).max() ?? 0
        let totals = rows.filter { $0.extent == .array || $0.extent == .network }
        let fenced = totals.reduce(0) { $0 + $1.fenced.count }
        lines.append("")
        lines.append("\(rows.count) cases, \(failed) failed")
        lines.append(
            "single faults: \(rows.count { $0.extent == .single }), the most hosts that one stopped: \(most); "
                + "whole array or whole network: \(totals.count), hosts stopped: \(fenced)"
        )
        return lines.joined(separator: "\n") + "\n"
    }
}
