/// One write of a guest as the disk service saw it.
public struct LoggedWrite: Equatable, Sendable {
    /// When the request came to the service.
    public var arrived: Int64
    /// When it was on the disk.
    public var landed: Int64
    /// Through which host's path: the service knows, whatever the guest says.
    public var path: String
    /// The file.
    public var file: String
    /// Where in it.
    public var offset: Int64
    /// What was written.
    public var record: GuestRecord

    /// A write with these facts.
    public init(arrived: Int64, landed: Int64, path: String, file: String, offset: Int64, record: GuestRecord)
    {
        self.arrived = arrived
        self.landed = landed
        self.path = path
        self.file = file
        self.offset = offset
        self.record = record
    }

    /// The write in a line of the log; nil when it is none.
    public init?(line: Substring) {
        let words = line.split(separator: " ", maxSplits: 5)
        guard words.count == 6, let arrived = Int64(words[0]), let landed = Int64(words[1]),
            let offset = Int64(words[4]), let record = GuestRecord(text: words[5])
        else { return nil }
        self.init(
            arrived: arrived,
            landed: landed,
            path: String(words[2]),
            file: String(words[3]),
            offset: offset,
            record: record
        )
    }
}
