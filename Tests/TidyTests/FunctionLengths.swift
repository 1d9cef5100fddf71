/// Where a function of a file begins and how many lines its body has, braces included.
struct FunctionLengths {
    let line: Int
    let lineCount: Int

    /// Every function and initialiser with a body.
    ///
    /// A declaration without a body before the next declaration (a protocol's requirement) is left out.
    static func of(_ file: SourceFile) -> [FunctionLengths] {
        let lines = file.codeLines
        var found: [FunctionLengths] = []
        for (index, line) in lines.enumerated() where declaresFunction(line) {
            guard let end = endOfBody(from: index, in: lines) else { continue }
            found.append(FunctionLengths(line: index + 1, lineCount: end - index + 1))
        }
        return found
    }

    private static func declaresFunction(_ line: Substring) -> Bool {
        let words = line.split(whereSeparator: { " (<?".contains($0) })
        return words.contains("func") || line.drop(while: { $0 == " " }).hasPrefix("init(")
            || line.contains(" init(") && !line.contains(".init(") && !line.contains("=")
    }

    private static func endOfBody(from start: Int, in lines: [Substring]) -> Int? {
        var depth = 0
        var parentheses = 0
        for index in start..<lines.count {
            if index > start, depth == 0, parentheses == 0, declaresFunction(lines[index]) { return nil }
            for character in lines[index] {
                switch character {
                case "(": parentheses += 1
                case ")": parentheses -= 1
                case "{" where parentheses == 0: depth += 1
                case "}" where parentheses == 0:
                    depth -= 1
                    if depth == 0 { return index }
                    if depth < 0 { return nil }
                default: break
                }
            }
        }
        return nil
    }
}
