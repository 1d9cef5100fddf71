import ArgumentParser

/// An amount of memory on the command line: `512`, `512MiB`, `4GiB`.
struct MemorySize: ExpressibleByArgument {
    let mebibytes: Int

    init?(argument: String) {
        let digits = argument.prefix { $0.isASCII && $0.isNumber }
        let unit = argument.dropFirst(digits.count).filter { $0 != " " }
        guard let count = Int(digits), count > 0, count <= 1 << 40 else { return nil }
        switch unit {
        case "", "MiB": mebibytes = count
        case "GiB": mebibytes = count * 1024
        default: return nil
        }
    }
}

/// A delay on the command line, in whole seconds: `30`, `30s`, `2min`.
struct StartDelay: ExpressibleByArgument {
    let seconds: Int

    init?(argument: String) {
        let digits = argument.prefix { $0.isASCII && $0.isNumber }
        let unit = argument.dropFirst(digits.count).filter { $0 != " " }
        guard let count = Int(digits), count <= 86_400 else { return nil }
        switch unit {
        case "", "s": seconds = count
        case "min": seconds = count * 60
        default: return nil
        }
    }
}

/// `ha-restart-priority` on the command line.
enum Priority: String, ExpressibleByArgument, CaseIterable {
    case restart
    case bestEffort = "best-effort"
    case none = ""

    init?(argument: String) { self.init(rawValue: argument == "none" ? "" : argument) }

    /// The words that help texts list; `none` stands for the empty word.
    static var allValueStrings: [String] { ["restart", "best-effort", "none"] }
}
