/// What a guest of the lab writes to its disk: who it is, where, in which boot, and a rising number.
public struct GuestRecord: Equatable, Sendable {
    /// The machine.
    public var machine: String
    /// The host it says it runs on.
    public var host: String
    /// The boot of that host.
    public var boot: String
    /// Tells this run of the machine from all others.
    public var run: String
    /// Its process in the host's namespace.
    public var pid: Int32
    /// Rises by one with each record, over all runs of the machine.
    public var counter: UInt64
    /// CLOCK_BOOTTIME just before it was written.
    public var issued: Int64

    /// A record with these fields.
    public init(
        machine: String,
        host: String,
        boot: String,
        run: String,
        pid: Int32,
        counter: UInt64,
        issued: Int64
    ) {
        self.machine = machine
        self.host = host
        self.boot = boot
        self.run = run
        self.pid = pid
        self.counter = counter
        self.issued = issued
    }

    /// Bytes of a record on the disk.
    public static let sizeBytes = 512
    /// How many records the disk holds; the newest overwrites the oldest.
    public static let slotCount: UInt64 = 1024
    /// Bytes of a guest's disk.
    public static var diskBytes: Int64 { Int64(slotCount) * Int64(sizeBytes) }
    /// Where on the disk this record lies.
    public var offset: Int64 { Int64(counter % GuestRecord.slotCount) * Int64(GuestRecord.sizeBytes) }

    /// The record as text.
    public var text: String {
        "holdfast-guest/1 machine=\(machine) host=\(host) boot=\(boot) run=\(run) pid=\(pid) "
            + "counter=\(counter) issued=\(issued)"
    }

    /// The record as it lies on the disk: the text, a line feed, zeros.
    public var bytes: [UInt8] {
        let text = Array((self.text + "\n").utf8.prefix(GuestRecord.sizeBytes))
        return text + [UInt8](repeating: 0, count: GuestRecord.sizeBytes - text.count)
    }

    /// The record in a text; nil when it is none.
    public init?(text: Substring) {
        var fields: [Substring: Substring] = [:]
        let words = text.split(separator: " ")
        guard words.first == "holdfast-guest/1" else { return nil }
        for word in words.dropFirst() {
            guard let equals = word.firstIndex(of: "=") else { return nil }
            fields[word[..<equals]] = word[word.index(after: equals)...]
        }
        guard let machine = fields["machine"], let host = fields["host"], let boot = fields["boot"],
            let run = fields["run"], let pid = fields["pid"].flatMap({ Int32($0) }),
            let counter = fields["counter"].flatMap({ UInt64($0) }),
            let issued = fields["issued"].flatMap({ Int64($0) })
        else { return nil }
        self.init(
            machine: String(machine),
            host: String(host),
            boot: String(boot),
            run: String(run),
            pid: pid,
            counter: counter,
            issued: issued
        )
    }

    /// The records on a disk, those of empty or torn slots left out.
    public static func all(on disk: [UInt8]) -> [GuestRecord] {
        stride(from: 0, to: disk.count, by: sizeBytes).compactMap { start in
            let slot = disk[start..<min(start + sizeBytes, disk.count)]
            return GuestRecord(
                text: String(decoding: slot.prefix { $0 != 0 && $0 != 10 }, as: UTF8.self)[...]
            )
        }
    }
}
