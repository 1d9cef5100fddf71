/// One mistake in a configuration file, told so that a person can mend it.
public struct ConfigMistake: Error, Equatable, Sendable, CustomStringConvertible {
    /// Where it is: `heartbeat.port`, `heartbeat.network[2].peers.lab3`; empty for the file as a whole.
    public var key: String
    /// What stands there, as written; nil when nothing does.
    public var value: String?
    /// What is wrong, what is allowed and why.
    public var problem: String

    /// The mistake at `key`.
    public init(key: String, value: String?, problem: String) {
        self.key = key
        self.value = value
        self.problem = problem
    }

    /// `heartbeat.port = 70000: must be 1 ... 65535, a UDP port`.
    public var description: String {
        guard !key.isEmpty else { return problem }
        guard let value else { return "\(key): \(problem)" }
        return "\(key) = \(value): \(problem)"
    }
}

/// Everything that is wrong with one configuration file; never empty.
public struct ConfigError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The file.
    public var file: String
    /// The mistakes in the order of the file's sections.
    public var mistakes: [ConfigMistake]

    /// The error of `file` with these mistakes.
    public init(file: String, mistakes: [ConfigMistake]) {
        self.file = file
        self.mistakes = mistakes
    }

    /// One line a mistake, each with the file's name.
    public var description: String {
        mistakes.map { "\(file): \($0)" }.joined(separator: "\n")
    }
}
