public import PoolModel

/// The host's record of its own incarnation number, in its state directory ([INC-1]).
public struct IncarnationFile: Sendable {
    private let file: OwnFile

    /// The record in `directory`, in a file `incarnation`.
    public init(directory: String) {
        file = OwnFile(directory: directory, name: "incarnation", kind: "holdfast-incarnation 1")
    }

    /// The file's path, for messages.
    public var path: String { file.path }

    /// What was written last; nil when nothing ever was.
    ///
    /// An error means *not readable*: counts as held ([INC-1]).
    public func read() throws(OwnFileError) -> PersistedIncarnation? {
        guard let pairs = try file.read() else { return nil }
        guard let boot = pairs["boot"].flatMap({ UInt128($0, radix: 16) }),
            let number = pairs["number"].flatMap({ UInt32($0) }),
            let mark = pairs["mark"].flatMap({ IncarnationFile.mark($0) })
        else { throw .damaged(path: file.path, why: "boot, number or mark is missing or has no meaning") }
        return PersistedIncarnation(boot: BootID(boot), number: IncarnationNumber(number), mark: mark)
    }

    /// Writes and syncs; on return the record is on the medium.
    public func write(_ record: PersistedIncarnation) throws(OwnFileError) {
        try file.write([
            ("boot", String(record.boot.rawValue, radix: 16)), ("number", "\(record.number.rawValue)"),
            ("mark", IncarnationFile.word(record.mark)),
        ])
    }

    private static func word(_ mark: IncarnationMark) -> String {
        switch mark {
        case .taken: "taken"
        case .held: "held"
        case .spent: "spent"
        }
    }

    private static func mark(_ word: String) -> IncarnationMark? {
        for mark in [IncarnationMark.taken, .held, .spent] where self.word(mark) == word { return mark }
        return nil
    }
}

extension BootID {
    /// Reads the kernel's boot id: a UUID in a file such as /proc/sys/kernel/random/boot_id; nil when it is
    /// none.
    public init?(readingFrom path: String) {
        guard let line = SmallFile.firstLine(of: path) else { return nil }
        let digits = line.filter { $0 != "-" }
        guard digits.utf8.count == 32, let bits = UInt128(digits, radix: 16) else { return nil }
        self.init(bits)
    }
}
