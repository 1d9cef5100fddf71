/// What is wrong with the text of a scenario, where, and what would be right.
public struct ScenarioMistake: Error, Equatable, Sendable, CustomStringConvertible {
    /// The name of the file.
    public var file: String
    /// The line, counted from 1.
    public var line: Int
    /// The word that was not understood; nil when the line or the file is too short.
    public var word: String?
    /// What is wrong, as a sentence without its end.
    public var problem: String
    /// What would be understood; may be empty.
    public var allowed: [String]

    /// `storage.scenario:7: 'storag' is not understood here; allowed: 'storage', 'network'`.
    public var description: String {
        let subject = word.map { "'\($0)' " } ?? ""
        let hint = allowed.isEmpty ? "" : "; allowed: " + allowed.joined(separator: ", ")
        return "\(file):\(line): \(subject)\(problem)\(hint)"
    }
}
