@testable import StatefileNFS

/// A record of the fake folder, and which write it stems from.
///
/// Writes are numbered in the order in which they were issued, over all lives.
struct Note: Equatable {
    var sequence: UInt64
    var position: Int
    var tag: Int

    /// As it stands in a file.
    var record: RunRecord { RunRecord(sequence: sequence, bytes: [UInt8(position), UInt8(tag)]) }

    init(sequence: UInt64, position: Int, tag: Int) {
        (self.sequence, self.position, self.tag) = (sequence, position, tag)
    }

    init(_ record: RunRecord) {
        self.init(sequence: record.sequence, position: Int(record.bytes[0]), tag: Int(record.bytes[1]))
    }
}

extension RunArea {
    /// The record that counts for a reader.
    var newest: Note? {
        records.compactMap { $0 }.max { $0.sequence < $1.sequence }.map { Note($0) }
    }
}

/// A folder on a server that answers when it is done, and may do what it was sent long after the sender is
/// gone.
///
/// As strict as the real one: a write goes to the file that its handle was given for, whatever names that
/// file has by then; making a name that is there, and renaming one that is not, fail.
struct FakeFolder: Equatable {
    /// One request, which changes the folder at one moment.
    enum Request: Equatable {
        case make(String, file: Int)
        case write(file: Int, position: Int, RunRecord)
        case rename(String, String)
        case remove(String)
    }

    private(set) var names: [String: Int] = [:]
    private(set) var files: [Int: RunArea] = [:]

    /// What *format* leaves for one host.
    init() {
        names["0.0"] = 0
        files[0] = RunArea(records: [Note(sequence: 1, position: 0, tag: 0).record, nil, nil, nil])
    }

    /// Whether the request succeeded.
    @discardableResult
    mutating func carryOut(_ request: Request) -> Bool {
        switch request {
        case .make(let name, let file):
            guard names[name] == nil else { return false }
            names[name] = file
            files[file] = RunArea(records: [nil, nil, nil, nil])
        case .write(let file, let position, let record):
            // A file without a name left is gone: stale.
            guard names.values.contains(file) else { return false }
            files[file]?.records[position] = record
        case .rename(let from, let to):
            guard let file = names[from] else { return false }
            names[from] = nil
            names[to] = file
        case .remove(let name):
            guard names[name] != nil else { return false }
            names[name] = nil
        }
        return true
    }

    /// What the file with this name holds; nil where it holds nothing.
    func area(_ name: String) -> RunArea? {
        guard let file = names[name], let area = files[file], area.newest != nil else { return nil }
        return area
    }
}
