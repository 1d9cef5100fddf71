import FoundationEssentials
import SimulatorScenarios
import Testing

/// The scenario files of this source tree.
enum ScenarioFolder {
    /// The tree's root, from this file's own path.
    static let root = #filePath.split(separator: "/").dropLast(3).reduce("") { $0 + "/" + $1 }

    /// A file of the tree as text.
    static func text(of path: String) throws -> String {
        let data = try #require(FileManager.default.contents(atPath: "\(root)/\(path)"), "no \(path)")
        return try #require(String(bytes: data, encoding: .utf8))
    }

    /// The scenarios below a folder of `scenarios`, as paths from the root without suffix, by name.
    static func paths(in folder: String) throws -> [String] {
        let names = try FileManager.default.contentsOfDirectory(atPath: "\(root)/scenarios/\(folder)")
        let scenarios = names.filter { $0.hasSuffix(".scenario") }.sorted()
        try #require(!scenarios.isEmpty, "scenarios/\(folder) is empty")
        return scenarios.map { "scenarios/\(folder)/" + $0.dropLast(".scenario".count) }
    }

    /// The scenario of such a path.
    static func scenario(_ path: String) throws -> Scenario {
        try Scenario(text: text(of: path + ".scenario"), file: path)
    }
}
