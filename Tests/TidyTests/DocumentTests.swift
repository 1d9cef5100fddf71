import FoundationEssentials
import Testing

@Suite("Documents and code name the same things")
struct DocumentTests {
    private static let families: Set<Substring> = [
        "SAFE", "LIVE", "INC", "TIME", "VIEW", "LEASE", "FAULT", "DEAD", "JOIN", "LEAVE", "ACT", "REC",
    ]

    /// Clause ids such as `LEASE-S` or `VIEW-2a` in square brackets, and where they stand.
    private func clauses(in text: String) -> Set<String> {
        var found: Set<String> = []
        for piece in text.split(separator: "[").dropFirst() {
            guard let end = piece.firstIndex(of: "]") else { continue }
            for item in piece[..<end].split(separator: ",") {
                let id = item.split(separator: " ").first.map(String.init) ?? ""
                let parts = id.split(separator: "-", omittingEmptySubsequences: false)
                guard parts.count == 2, let family = parts.first, let number = parts.last else { continue }
                guard Self.families.contains(family), !number.isEmpty else { continue }
                guard number.allSatisfy({ $0.isUppercase || $0.isNumber || "a"..."d" ~= $0 }) else {
                    continue
                }
                found.insert(id)
            }
        }
        return found
    }

    @Test("every clause that code cites is a clause of docs/PROTOCOL.md")
    func citedClausesExist() throws {
        let known = clauses(in: try SourceTree.text(of: "docs/PROTOCOL.md"))
        #expect(known.count > 30)
        let files = try SourceTree.files(in: "Sources") + SourceTree.files(in: "Tests")
        for file in files where file.target != "TidyTests" {
            let unknown = clauses(in: file.text).subtracting(known)
            #expect(unknown.isEmpty, "\(file.path) cites \(unknown.sorted())")
        }
    }

    @Test("every source file or folder that the documents name exists")
    func namedFilesExist() throws {
        let manager = FileManager.default
        let root = SourceTree.root
        for document in ["docs/PROTOCOL.md", "docs/ARCHITECTURE.md", "docs/TIMING.md"] {
            let text = try SourceTree.text(of: document)
            for word in text.split(whereSeparator: { " `|(),\n".contains($0) }) {
                if word.hasPrefix("Sources/") || word.hasPrefix("Tests/") {
                    #expect(manager.fileExists(atPath: "\(root)/\(word)"), "\(document) names \(word)")
                } else if word.hasSuffix(".swift"), word.contains("/") {
                    let found = ["Sources", "Tests"].contains {
                        manager.fileExists(atPath: "\(root)/\($0)/\(word)")
                    }
                    #expect(found, "\(document) names \(word)")
                }
            }
        }
    }

    @Test("every relative link in the documents leads somewhere")
    func linksLead() throws {
        let manager = FileManager.default
        var documents = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md"]
        documents += try SourceTree.files(in: "docs", suffixes: [".md"]).map(\.path)
        for document in documents {
            let folder = document.split(separator: "/").dropLast().joined(separator: "/")
            for piece in try SourceTree.text(of: document).split(separator: "](").dropFirst() {
                let target = piece.prefix { $0 != ")" && $0 != "#" }
                if target.isEmpty || target.contains("://") { continue }
                let path = SourceTree.root + "/" + (folder.isEmpty ? "" : folder + "/") + target
                #expect(manager.fileExists(atPath: path), "\(document) links to \(target)")
            }
        }
    }
}
