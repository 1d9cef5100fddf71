import Testing

@Suite("The habits of CONTRIBUTING.md")
struct HabitTests {
    private static let width = 110
    private static let textWidth = 120
    private static let fileLimit = 400
    private static let functionLimit = 70

    private func everything() throws -> [SourceFile] {
        try SourceTree.files(in: "Sources", suffixes: [".swift", ".c", ".h"])
            + SourceTree.files(in: "Tests", suffixes: [".swift"])
    }

    @Test("a file holds one idea: at most 400 lines")
    func filesAreShort() throws {
        for file in try everything() {
            let count = file.lines.count - (file.text.hasSuffix("\n") ? 1 : 0)
            #expect(count <= Self.fileLimit, "\(file.path) has \(count) lines")
        }
    }

    @Test("a function fits one screen: at most 70 lines")
    func functionsAreShort() throws {
        for file in try everything() where file.isSwift {
            for function in FunctionLengths.of(file) {
                #expect(
                    function.lineCount <= Self.functionLimit,
                    "\(file.path):\(function.line): \(function.lineCount) lines"
                )
            }
        }
    }

    @Test("a line is at most 110 characters wide, 120 where it holds text for people")
    func linesAreNarrow() throws {
        for file in try everything() {
            let code = file.codeLines
            for (index, line) in file.lines.enumerated() where line.count > Self.width {
                let isComment = line.drop { $0 == " " }.hasPrefix("//")
                let holdsText = file.isSwift && !isComment && code[index].count < line.count
                let limit = holdsText ? Self.textWidth : Self.width
                #expect(line.count <= limit, "\(file.path):\(index + 1)")
            }
        }
    }

    @Test("a file is named after its idea")
    func filesAreNamedAfterIdeas() throws {
        let empty = [
            "Utils", "Util", "Helpers", "Helper", "Manager", "Common", "Types", "Misc", "Extensions",
        ]
        for file in try everything() {
            let stem = file.name.split(separator: ".").first.map(String.init) ?? ""
            #expect(!empty.contains(stem), "\(file.path)")
            #expect(stem != "Placeholder", "\(file.path): this target is not written yet")
        }
    }

    @Test("a task left open names its issue: TODO(#12)")
    func tasksNameTheirIssue() throws {
        let marks = ["TO" + "DO", "FIX" + "ME", "XX" + "X"]
        for file in try everything() {
            for (index, line) in file.lines.enumerated() {
                for mark in marks where line.contains(mark) && !line.contains("(#") {
                    Issue.record("\(file.path):\(index + 1): \(mark) without an issue number")
                }
            }
        }
    }

    @Test("product code does not trap on what is not a bug")
    func nothingIsForced() throws {
        for file in try SourceTree.files(in: "Sources") {
            for (index, line) in file.codeLines.enumerated() {
                for phrase in ["try!", "fatalError(", " as! "] where line.contains(phrase) {
                    Issue.record("\(file.path):\(index + 1): \(phrase)")
                }
            }
        }
    }

    @Test("errno is read in C only; the lab, which is no product, may read it")
    func errnoStaysInC() throws {
        for file in try SourceTree.files(in: "Sources") where file.target != "LabPlatform" {
            for (line, word) in file.uses(of: ["errno"]) {
                Issue.record("\(file.path):\(line): \(word): the C layer returns it")
            }
        }
    }

    @Test("a host is called a host")
    func hostsAreHosts() throws {
        let foreign: Set = ["STONITH", "stonith", "Stonith"]
        for file in try SourceTree.files(in: "Sources") {
            for (line, word) in file.uses(of: foreign) {
                Issue.record("\(file.path):\(line): \(word); see docs/GLOSSARY.md")
            }
        }
    }
}
