/// Where a run's decisions differ from those of its golden file.
public struct GoldenComparison {
    /// The first difference, as a sentence; nil when there is none.
    public let objection: String?

    /// Compares two golden traces line by line.
    public init(_ golden: String, _ seen: String) {
        let left = golden.split(separator: "\n", omittingEmptySubsequences: false)
        let right = seen.split(separator: "\n", omittingEmptySubsequences: false)
        guard
            let line = (0..<max(left.count, right.count)).first(where: {
                $0 >= left.count || $0 >= right.count
                    || left[$0] != right[$0]
            })
        else {
            objection = nil
            return
        }
        func text(_ lines: [Substring]) -> String {
            line < lines.count && !lines[line].isEmpty ? "'\(lines[line])'" : "nothing"
        }
        objection = "line \(line + 1) of the golden trace is \(text(left)), this run gives \(text(right))"
    }
}
