import FoundationEssentials

/// One file of the source tree.
struct SourceFile {
    /// The target that it belongs to: the folder below `Sources` or `Tests`.
    let target: String
    /// The path from the package's root.
    let path: String
    /// The text.
    let text: String
    /// The text without comments and string literals; equal to `text` for what is not Swift.
    let code: String

    /// The last part of the path.
    var name: String { String(path.split(separator: "/").last ?? "") }
    var isSwift: Bool { path.hasSuffix(".swift") }
    var lines: [Substring] { text.split(separator: "\n", omittingEmptySubsequences: false) }
    var codeLines: [Substring] { code.split(separator: "\n", omittingEmptySubsequences: false) }

    /// The line number and word of each place where one of `words` stands alone in the code.
    func uses(of words: Set<String>) -> [(line: Int, word: String)] {
        var found: [(line: Int, word: String)] = []
        for (index, line) in codeLines.enumerated() {
            for word in line.split(whereSeparator: { !($0.isLetter || $0.isNumber || $0 == "_") })
            where words.contains(String(word)) {
                found.append((index + 1, String(word)))
            }
        }
        return found
    }

    /// The modules that the file imports.
    var imports: [(line: Int, module: String)] {
        let modifiers: Set<Substring> = [
            "public", "package", "internal", "fileprivate", "private", "@testable",
        ]
        let kinds: Set<Substring> = [
            "struct", "class", "enum", "protocol", "func", "typealias", "let", "var",
        ]
        var found: [(line: Int, module: String)] = []
        for (index, line) in codeLines.enumerated() {
            var words = line.split(separator: " ")[...]
            while let word = words.first, modifiers.contains(word) { words = words.dropFirst() }
            guard words.popFirst() == "import" else { continue }
            if let word = words.first, kinds.contains(word) { words = words.dropFirst() }
            guard let module = words.first?.split(separator: ".").first else { continue }
            found.append((index + 1, String(module)))
        }
        return found
    }
}

/// The files below `Sources` and `Tests`, as they are on disk next to this test.
enum SourceTree {
    /// The package's root: three folders above this file.
    static let root: String = {
        var parts = #filePath.split(separator: "/", omittingEmptySubsequences: false)
        parts.removeLast(3)
        return parts.joined(separator: "/")
    }()

    /// The text of one file, by its path from the root.
    static func text(of path: String) throws -> String {
        try String(contentsOf: URL(filePath: root + "/" + path), encoding: .utf8)
    }

    /// Every source file below `folder`, in the order of the paths.
    static func files(in folder: String, suffixes: [String] = [".swift"]) throws -> [SourceFile] {
        let base = root + "/" + folder + "/"
        let names = try FileManager.default.subpathsOfDirectory(atPath: base).sorted()
        return try names.filter { name in suffixes.contains { name.hasSuffix($0) } }.map { name in
            let path = folder + "/" + name
            let text = try text(of: path)
            let target = String(name.split(separator: "/").first ?? "")
            let code = name.hasSuffix(".swift") ? CodeText.of(text) : text
            return SourceFile(target: target, path: path, text: text, code: code)
        }
    }
}
