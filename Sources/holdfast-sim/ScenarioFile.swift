import FoundationEssentials
import SimulatorScenarios

/// A scenario and the files that it lives in: the text, and beside it the golden trace.
struct ScenarioFile {
    /// What a scenario's file is called.
    static let suffix = ".scenario"

    let path: String
    let scenario: Scenario

    /// Reads the file; a mistake in it ends the command with file, line and word.
    init(path: String) throws(SimExit) {
        self.path = path
        guard let text = ScenarioFile.text(of: path) else {
            throw .usage("holdfast-sim: \(path) cannot be read as text")
        }
        do {
            scenario = try Scenario(text: text, file: path)
        } catch {
            throw .usage("\(error)")
        }
    }

    /// Where the golden trace stands.
    var goldenPath: String { path.hasSuffix(Self.suffix) ? path.dropLast(9) + ".golden" : path + ".golden" }

    /// The golden trace; nil when there is none.
    var golden: String? { ScenarioFile.text(of: goldenPath) }

    /// The name of the case: the file's, without folder and suffix.
    var name: String {
        let file = path.split(separator: "/").last ?? ""
        return String(file.hasSuffix(Self.suffix) ? file.dropLast(Self.suffix.count) : file)
    }

    /// The scenarios of a folder, by name.
    static func all(in folder: String) throws(SimExit) -> [ScenarioFile] {
        var names: [String]
        do {
            names = try FileManager.default.contentsOfDirectory(atPath: folder)
        } catch {
            throw .usage("holdfast-sim: the folder \(folder) cannot be read; name another with --folder")
        }
        names = names.filter { $0.hasSuffix(suffix) }.sorted()
        guard !names.isEmpty else { throw .usage("holdfast-sim: \(folder) holds no *\(suffix) file") }
        var files: [ScenarioFile] = []
        for name in names { files.append(try ScenarioFile(path: folder + "/" + name)) }
        return files
    }

    static func text(of path: String) -> String? {
        FileManager.default.contents(atPath: path).flatMap { String(bytes: $0, encoding: .utf8) }
    }

    /// Writes a text; a failure ends the command.
    static func write(_ text: String, to path: String) throws(SimExit) {
        do {
            try Data(text.utf8).write(to: URL(filePath: path), options: .atomic)
        } catch {
            throw .usage("holdfast-sim: \(path) cannot be written: \(error)")
        }
    }
}
