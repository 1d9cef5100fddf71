import Testing

@Suite("Mutants stand where they say")
struct MutantTests {
    private static let home = "Sources/LivesetEngine/Mutation.swift"

    /// The names of all mutants.
    private func mutants() throws -> Set<String> {
        let lines = try SourceTree.text(of: Self.home).split(separator: "\n")
        return Set(lines.filter { $0.hasPrefix("        case ") }.map { String($0.dropFirst(13)) })
    }

    /// The names that the product asks for: `mutation.name`.
    private func sites() throws -> Set<String> {
        var found: Set<String> = []
        for file in try SourceTree.files(in: "Sources") where file.path != Self.home {
            for line in file.codeLines {
                for piece in line.split(separator: "mutation.", omittingEmptySubsequences: false).dropFirst()
                {
                    let name = piece.prefix { $0.isLetter }
                    if name != "active" { found.insert(String(name)) }
                }
            }
        }
        return found
    }

    @Test("every mutant has a site, and every site a mutant")
    func sitesMatch() throws {
        let mutants = try mutants()
        #expect(mutants.count >= 24)
        #expect(try sites() == mutants)
    }

    @Test("docs/MUTANTS.md tells of every mutant, and proves those that nobody catches")
    func documentMatches() throws {
        let document = try SourceTree.text(of: "docs/MUTANTS.md")
        let catchers = try SourceTree.text(of: "Sources/SimulatorProof/Mutation/KnownCatchers.swift")
        for mutant in try mutants() {
            #expect(document.contains("| `\(mutant)` |"), "\(mutant) is not in the table")
            if catchers.contains("case .\(mutant): .equivalent") {
                #expect(document.contains("**`\(mutant)`**"), "\(mutant) is not proved equivalent")
            }
        }
    }
}
