/// Finds what a mistyped word probably meant.
enum NearestWord {
    /// The known word with the fewest changed letters, when that is at most a third of its length (and 3).
    static func of(_ word: String, among known: [String]) -> String? {
        let best = known.sorted().map { ($0, distance(word, $0)) }.min { $0.1 < $1.1 }
        guard let best, best.1 <= min(3, max(1, best.0.count / 3)) else { return nil }
        return best.0
    }

    /// How many letters must be inserted, deleted, changed or swapped with a neighbour.
    static func distance(_ left: String, _ right: String) -> Int {
        let (left, right) = (Array(left.utf8.prefix(64)), Array(right.utf8.prefix(64)))
        var rows = [Array(0...right.count)]
        for row in 0..<left.count {
            var next = [row + 1]
            for column in 0..<right.count {
                let change = rows[row][column] + (left[row] == right[column] ? 0 : 1)
                var least = min(change, rows[row][column + 1] + 1, next[column] + 1)
                let isSwap =
                    row > 0 && column > 0 && left[row] == right[column - 1] && left[row - 1] == right[column]
                if isSwap { least = min(least, rows[row - 1][column - 1] + 1) }
                next.append(least)
            }
            rows.append(next)
        }
        return rows[left.count][right.count]
    }
}
