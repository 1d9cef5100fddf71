import TOMLKit

/// A value of a configuration file, apart from the library that read it.
indirect enum ConfigValue {
    case text(String)
    case integer(Int)
    case real(Double)
    case truth(Bool)
    case list([ConfigValue])
    case table([String: ConfigValue])
    /// Something that no key of ours takes, such as a date.
    case other(String)

    /// Reads TOML; a syntax error names line and column.
    static func parse(toml: String) throws(ConfigMistake) -> [String: ConfigValue] {
        do {
            let root = try TOMLTable(string: toml)
            // Values of the library point into the root's memory.
            return withExtendedLifetime(root) { values(of: root) }
        } catch let error as TOMLParseError {
            let place = "line \(error.source.begin.line), column \(error.source.begin.column)"
            throw ConfigMistake(
                key: "",
                value: nil,
                problem: "\(place): this is no TOML: \(error.description)"
            )
        } catch {
            throw ConfigMistake(key: "", value: nil, problem: "this is no TOML: \(error)")
        }
    }

    private static func values(of table: TOMLTable) -> [String: ConfigValue] {
        var values: [String: ConfigValue] = [:]
        for (key, value) in table { values[key] = ConfigValue(value) }
        return values
    }

    private init(_ value: any TOMLValueConvertible) {
        if let text = value.string {
            self = .text(text)
        } else if let truth = value.bool {
            self = .truth(truth)
        } else if let integer = value.int {
            self = .integer(integer)
        } else if let real = value.double {
            self = .real(real)
        } else if let table = value.table {
            self = .table(ConfigValue.values(of: table))
        } else if let array = value.array {
            self = .list(array.map { ConfigValue($0) })
        } else {
            self = .other("\(value.type)")
        }
    }

    /// The value as it could stand in the file, for messages.
    var written: String {
        switch self {
        case .text(let text): "\"\(text)\""
        case .integer(let number): "\(number)"
        case .real(let number): "\(number)"
        case .truth(let truth): "\(truth)"
        case .list(let values): "[" + values.map(\.written).joined(separator: ", ") + "]"
        case .table: "a table"
        case .other(let kind): "a \(kind)"
        }
    }

    /// What kind of value it is, for messages.
    var kind: String {
        switch self {
        case .text: "a string"
        case .integer: "a whole number"
        case .real: "a number with a point"
        case .truth: "true or false"
        case .list: "a list"
        case .table: "a table"
        case .other(let kind): "a \(kind)"
        }
    }
}
