import FoundationEssentials
import JournalLog
import Testing

@Suite("The journal's catalog")
struct CatalogTests {
    /// The entries of systemd/holdfast.catalog: id, header lines, paragraphs.
    private func entries() throws -> [String: (subject: String?, text: String)] {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let data = try Data(contentsOf: root.appending(path: "systemd/holdfast.catalog"))
        var found: [String: (subject: String?, text: String)] = [:]
        for part in String(decoding: data, as: UTF8.self).components("\n-- ").dropFirst() {
            let lines = part.split(separator: "\n", omittingEmptySubsequences: false)
            let id = String(lines.first ?? "")
            #expect(found[id] == nil, "\(id) stands there twice")
            let subject = lines.first { $0.hasPrefix("Subject: ") }.map(String.init)
            let text = lines.drop { !$0.isEmpty }.joined(separator: "\n")
            found[id] = (subject, text)
        }
        return found
    }

    @Test("every kind of event is explained, with a subject and what to do", arguments: EventKind.allCases)
    func everyKindIsExplained(kind: EventKind) throws {
        let entry = try #require(try entries()[kind.messageID], "\(kind.rawValue) is not in the catalog")
        #expect((entry.subject ?? "").count > "Subject: ".count)
        #expect(entry.text.contains("What to do: "), "\(kind.rawValue)")
    }

    @Test("the catalog explains nothing that does not exist")
    func nothingElse() throws {
        let known = Set(EventKind.allCases.map(\.messageID))
        #expect(known.count == EventKind.allCases.count, "two kinds share an id")
        #expect(Set(try entries().keys).subtracting(known).isEmpty)
    }

    @Test("a field that an entry shows is one that events carry")
    func fieldsExist() throws {
        let known: Set = ["HOST", "PEER", "EPOCH", "LIVESET", "REASON", "LEASE_MS", "CRASHES"]
        for (id, entry) in try entries() {
            let pieces = ((entry.subject ?? "") + entry.text).split(
                separator: "@",
                omittingEmptySubsequences: false
            )
            // Every second piece stands between two of the signs.
            for (index, piece) in pieces.enumerated() where index % 2 == 1 {
                #expect(known.contains(String(piece)), "\(id) shows @\(piece)@")
            }
        }
    }
}

extension String {
    /// The pieces between occurrences of `separator`, the one before the first included.
    fileprivate func components(_ separator: String) -> [String] {
        var pieces: [String] = []
        var rest = self[...]
        while let range = rest.firstRange(of: separator) {
            pieces.append(String(rest[..<range.lowerBound]))
            rest = rest[range.upperBound...]
        }
        return pieces + [String(rest)]
    }
}
