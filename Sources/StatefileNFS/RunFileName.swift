/// The name of a file that one daemon run of one host writes: `<index>.<run>`.
struct RunFileName: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The host's row in the host table.
    let row: Int
    /// The run; 0 is the file that *format* makes.
    let run: UInt64

    init(row: Int, run: UInt64) {
        self.row = row
        self.run = run
    }

    /// Reads a name; nil for every other one, such as temporary files and `.nfs*`.
    init?(_ text: String) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2, let row = Int(parts[0]), let run = UInt64(parts[1]) else { return nil }
        self.init(row: row, run: run)
        // No second spelling: no sign, no leading zeros.
        guard description == text else { return nil }
    }

    /// `3.17`.
    var description: String { "\(row).\(run)" }

    /// The name that the file has until its content is on the medium.
    func temporary(nonce: UInt64) -> String { ".\(description).\(String(nonce, radix: 16)).new" }

    /// Whether `text` is a temporary name of a file of any row.
    static func isTemporary(_ text: String) -> Bool { text.hasPrefix(".") && text.hasSuffix(".new") }

    /// Whether `text` is a temporary name of a file of this row.
    static func isTemporary(_ text: String, row: Int) -> Bool {
        text.hasPrefix(".\(row).") && text.hasSuffix(".new")
    }

    /// Lower rows first, then lower runs.
    static func < (left: RunFileName, right: RunFileName) -> Bool {
        (left.row, left.run) < (right.row, right.run)
    }
}

/// Which run files a folder holds, as one listing shows it.
struct RunFileListing: Equatable, Sendable {
    /// In ascending order.
    let files: [RunFileName]

    /// What of `names` are run files of the first `hostCount` rows; everything else is ignored.
    init(_ names: [String], hostCount: Int) {
        files = names.compactMap { RunFileName($0) }.filter { (0..<hostCount).contains($0.row) }.sorted()
    }

    /// The files of one row, lower runs first.
    func files(of row: Int) -> [RunFileName] { files.filter { $0.row == row } }
}
