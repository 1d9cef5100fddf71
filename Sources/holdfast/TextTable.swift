/// Columns of text, as wide as they need to be.
struct TextTable {
    /// One piece of a row: the text, and the pen that it is written with.
    struct Cell {
        let text: String
        let paint: (Ink) -> (String) -> String

        init(_ text: String, _ paint: @escaping (Ink) -> (String) -> String = { _ in { $0 } }) {
            self.text = text
            self.paint = paint
        }
    }

    private let head: [String]
    private var rows: [[Cell]] = []

    /// A table with these column titles and no row.
    init(_ head: [String]) { self.head = head }

    /// Adds a row; it has as many cells as there are titles.
    mutating func add(_ row: [Cell]) {
        precondition(row.count == head.count, "a row has a cell for each column")
        rows.append(row)
    }

    /// The table as lines, each after `indent`.
    func text(_ ink: Ink, indent: String = "") -> String {
        let widths = head.indices.map { column in
            rows.map { $0[column].text.count }.reduce(head[column].count, max)
        }
        func pad(_ text: String, _ column: Int) -> String {
            column == head.count - 1 ? "" : String(repeating: " ", count: widths[column] - text.count + 2)
        }
        var lines = [head.indices.map { ink.faint(head[$0]) + pad(head[$0], $0) }.joined()]
        for row in rows {
            lines.append(
                row.indices.map { row[$0].paint(ink)(row[$0].text) + pad(row[$0].text, $0) }.joined()
            )
        }
        return lines.map { line in
            var line = indent + line
            while line.hasSuffix(" ") { line.removeLast() }
            return line
        }.joined(separator: "\n")
    }
}
