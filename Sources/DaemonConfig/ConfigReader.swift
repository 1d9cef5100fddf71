import PoolModel

/// Collects the mistakes of one file, so that the operator sees all of them at once.
final class ConfigMistakes {
    private(set) var list: [ConfigMistake] = []

    func add(_ key: String, _ value: ConfigValue?, _ problem: String) {
        list.append(ConfigMistake(key: key, value: value?.written, problem: problem))
    }
}

/// Reads the keys of one table; whatever was not asked for when it is closed is an unknown key.
///
/// A mistake is noted and a stand-in given back, so that reading goes on; the stand-ins are never used.
final class ConfigReader {
    let path: String
    private let values: [String: ConfigValue]
    private let mistakes: ConfigMistakes
    private var known: Set<String> = []

    init(_ values: [String: ConfigValue], at path: String, mistakes: ConfigMistakes) {
        self.values = values
        self.path = path
        self.mistakes = mistakes
    }

    func name(_ key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }

    /// What stands at `key`, which counts as known from now on.
    func value(_ key: String) -> ConfigValue? {
        known.insert(key)
        return values[key]
    }

    /// Every key of the table, for tables whose keys are names.
    var allKeys: [String] { values.keys.sorted() }

    func complain(_ key: String, _ problem: String) { mistakes.add(name(key), values[key], problem) }

    /// A mistake whose value is not to be shown: it may hold a secret.
    func complainHidden(_ key: String, _ problem: String) { mistakes.add(name(key), nil, problem) }

    /// The table at `key`; an empty one when there is none.
    func table(_ key: String, isRequired: Bool = false) -> ConfigReader {
        var inner: [String: ConfigValue] = [:]
        switch value(key) {
        case .table(let table): inner = table
        case nil:
            if isRequired { complain(key, "the table [\(name(key))] is missing") }
        case .some(let other): complain(key, "must be a table, [\(name(key))], not \(other.kind)")
        }
        return ConfigReader(inner, at: name(key), mistakes: mistakes)
    }

    /// The tables of the list `[[key]]`.
    func tables(_ key: String) -> [ConfigReader] {
        guard let value = value(key) else { return [] }
        guard case .list(let list) = value else {
            complain(key, "must be a list of tables, [[\(name(key))]], not \(value.kind)")
            return []
        }
        return list.enumerated().map { index, element in
            let place = "\(name(key))[\(index + 1)]"
            guard case .table(let table) = element else {
                mistakes.add(place, element, "must be a table, not \(element.kind)")
                return ConfigReader([:], at: place, mistakes: mistakes)
            }
            return ConfigReader(table, at: place, mistakes: mistakes)
        }
    }

    /// The string at `key`, nil when there is none.
    func text(_ key: String) -> String? {
        guard let value = value(key) else { return nil }
        guard case .text(let text) = value else {
            complain(key, "must be a string in quotation marks, not \(value.kind)")
            return nil
        }
        guard !text.isEmpty else {
            complain(key, "must not be empty; leave the key out for its default")
            return nil
        }
        return text
    }

    /// The string at `key`, which must be there; `why` says what it is for.
    func requiredText(_ key: String, _ why: String) -> String {
        if let text = text(key) { return text }
        if values[key] == nil { complain(key, "is missing: \(why)") }
        return ""
    }

    /// An absolute path at `key`.
    func path(_ key: String, default: String) -> String {
        guard let text = text(key) else { return `default` }
        if !text.hasPrefix("/") { complain(key, "must be an absolute path, beginning with '/'") }
        return text
    }

    /// An absolute path at `key`, nil when there is none.
    func optionalPath(_ key: String) -> String? { value(key) == nil ? nil : path(key, default: "/") }

    /// A whole number in `range`; `why` says where the range comes from.
    func integer(_ key: String, default: Int, in range: ClosedRange<Int>, _ why: String) -> Int {
        guard let value = value(key) else { return `default` }
        guard case .integer(let number) = value, range.contains(number) else {
            complain(key, "must be a whole number, \(range.lowerBound) ... \(range.upperBound): \(why)")
            return `default`
        }
        return number
    }

    /// True or false.
    func truth(_ key: String, default: Bool) -> Bool {
        guard let value = value(key) else { return `default` }
        guard case .truth(let truth) = value else {
            complain(key, "must be true or false, without quotation marks")
            return `default`
        }
        return truth
    }

    /// One of a few words.
    func word<Word>(_ key: String, default: Word, among words: [(String, Word)]) -> Word {
        guard let text = text(key) else { return `default` }
        if let word = words.first(where: { $0.0 == text }) { return word.1 }
        let list = words.map { "\"\($0.0)\"" }.joined(separator: ", ")
        complain(key, "must be one of \(list)")
        return `default`
    }

    /// A length of time in `range`, nil when there is none.
    func timeSpan(_ key: String, in range: ClosedRange<TimeSpan>, _ why: String) -> TimeSpan? {
        guard let text = text(key) else { return nil }
        guard let span = UnitText.timeSpan(text) else {
            complain(key, "must be a length of time such as \"500ms\", \"20s\", \"2min\" or \"1h\"")
            return nil
        }
        guard range.contains(span) else {
            complain(key, "must be \(range.lowerBound) ... \(range.upperBound): \(why)")
            return nil
        }
        return span
    }

    /// The list of strings at `key`.
    func texts(_ key: String) -> [String] {
        guard let value = value(key) else { return [] }
        guard case .list(let list) = value else {
            complain(key, "must be a list of strings, such as [\"eth0\"], not \(value.kind)")
            return []
        }
        var texts: [String] = []
        for element in list {
            if case .text(let text) = element, !text.isEmpty {
                texts.append(text)
            } else {
                complain(key, "must hold strings in quotation marks only, not \(element.written)")
            }
        }
        return texts
    }

    /// Notes every key that nobody asked for.
    func close() {
        for key in values.keys.sorted() where !known.contains(key) {
            var problem = "there is no such key"
            if let near = NearestWord.of(key, among: Array(known)) { problem += "; did you mean '\(near)'?" }
            if known.isEmpty { problem += " here" } else { problem += " Known here: " }
            problem += known.sorted().joined(separator: ", ")
            mistakes.add(name(key), values[key], problem)
        }
    }
}
