import FoundationEssentials

extension DaemonSettings {
    /// Where the file is unless the command line says otherwise.
    public static let defaultFile = "/etc/holdfast/holdfast.toml"

    /// Reads the configuration file at `path`.
    ///
    /// Blocks on the disk; ordinary threads only.
    public init(contentsOf path: String) throws(ConfigError) {
        let data: Data
        do {
            data = try Data(contentsOf: URL(filePath: path))
        } catch {
            let problem =
                "the file cannot be read (\(FileTrouble.words(error))); create it or name another: --config"
            throw ConfigError(file: path, mistakes: [ConfigMistake(key: "", value: nil, problem: problem)])
        }
        guard data.count <= 1 << 20, let text = String(validating: data, as: UTF8.self) else {
            let problem = "the file is larger than 1 MiB or no UTF-8 text; is it the right one?"
            throw ConfigError(file: path, mistakes: [ConfigMistake(key: "", value: nil, problem: problem)])
        }
        try self.init(toml: text, file: path)
    }
}

/// Says in words why a file could not be used.
enum FileTrouble {
    static func words(_ error: any Error) -> String {
        guard let error = error as? CocoaError else { return "\(error)" }
        switch error.code {
        case .fileReadNoSuchFile, .fileNoSuchFile: return "no such file"
        case .fileReadNoPermission: return "permission denied"
        default: return "error \(error.code.rawValue)"
        }
    }
}
