import ByteFormat
import LinuxPlatform
public import PoolModel
import StatefileLayout
public import StatefileMedium

/// A statefile in a folder of an NFS server, through libnfs.
///
/// | file | holds |
/// |---|---|
/// | `statefile` | header and slots, each slot with one writer; as large as the layout, the rest empty |
/// | `ballots/<row>.<run>` | the ballot sub-blocks of a host, written by one daemon run |
/// | `records/<row>.<run>` | the pool-record copies of a host, written by one manager run |
///
/// To whoever reads and writes by offset it is one medium: an offset in the pool-record area leads to the
/// host's file. A late write to a slot is what the protocol allows for; late writes of ballots and pool
/// records land in files that nobody looks at any more (`RunFileStart`).
///
/// Every request has its deadline. One that is not answered ends the session, and the next `open` makes a new
/// one; within a round there is one attempt, so that a server that refuses is asked once a round.
public struct NFSDevice: StatefileDevice, ~Copyable {
    let address: NFSAddress
    let access: DeviceAccess
    private let createByteCount: Int?
    private let figures: PathFigures
    let clock = BootClock()
    var session: NFSSession?
    var layout: Layout?
    var main: NFSFileHandle?
    var writer: RunWriter?
    /// Handles of the newest run files of other hosts' and the own pool records; checked by each read.
    var recordFiles: [Int: NFSFileHandle] = [:]

    /// What was found at the last opening.
    public internal(set) var facts = DeviceFacts(kind: .nfs)
    /// Writes that were given up; `mayLand` is true while one of them may land in the run file in use.
    public internal(set) var lateWrites = LateWrites()

    /// Where things are, once there is a header.
    struct Layout {
        let header: StatefileHeader
        /// *Format* came to its end; before that no run begins.
        let isReady: Bool
        var ballots: NFSFileHandle?
        var records: NFSFileHandle?

        func folder(_ part: RunPart) -> RunFolder? {
            let handle = part == .ballots ? ballots : records
            return handle.map { RunFolder(part: part, handle: $0, codec: header.codec) }
        }
    }

    static let mainName = "statefile"

    /// The statefile at `address`; with `createByteCount` it is made at the opening where there is none.
    ///
    /// With a writer's name and state directory it is opened by the process that writes the host's ballots
    /// (`.rounds`) or pool records (`.records`).
    public init(_ address: NFSAddress, _ use: StatefileUse, hostName: String?, stateDirectory: String?) {
        self.address = address
        access = use.access
        createByteCount = use.createByteCount
        figures = PathFigures(name: "\(address)")
        guard case .readWrite = use.access, let hostName, let stateDirectory else { return }
        switch use.purpose {
        case .tool: break
        case .rounds: writer = RunWriter(hostName: hostName, part: .ballots, stateDirectory: stateDirectory)
        case .records:
            writer = RunWriter(hostName: hostName, part: .poolRecords, stateDirectory: stateDirectory)
        }
    }

    /// The URL.
    public var place: String { "\(address)" }
    /// The server as the one way.
    public var paths: [PathFigures] { [figures] }
    /// A new run's file takes the former one's place.
    public var endsFormerSession: Bool { writer != nil }
    /// Until this run has a file of its own.
    public var wayOfFormerWrites: String? {
        guard let writer, writer.own == nil else { return nil }
        return
            "the file that a former run wrote in \(writer.part.folderName) (the file of this run could not be made: "
            + "\(writer.obstacle))"
    }

    // MARK: the way

    /// Connects and mounts where there is no session; makes the file of this run where there is none.
    public mutating func open(until deadline: MonotonicInstant) throws(StatefileError) -> Bool {
        // Without a header there is nothing to hold on to: it may be formatted meanwhile.
        let isNew = session?.isOpen != true || main == nil || layout == nil
        do throws(NFSError) {
            if isNew {
                close()
                figures.note(.connecting, at: clock.now())
                session = try NFSSession.open(address, deadline: deadline)
                try findMain(deadline: deadline)
                try findLayout(deadline: deadline)
                try confirmOwnFile(deadline: deadline)
                figures.note(.active, at: clock.now())
            }
            try startRunIfDue(deadline: deadline)
        } catch {
            throw fail(error)
        }
        return isNew
    }

    /// Gives the session up.
    public mutating func close() {
        session = nil
        main = nil
        layout = nil
        recordFiles = [:]
        writer?.sessionEnded()
    }

    private mutating func findMain(deadline: MonotonicInstant) throws(NFSError) {
        let (name, createByteCount) = (NFSDevice.mainName, createByteCount)
        let found = try session.lend(.closed(address)) { session throws(NFSError) in
            let root = session.root
            if let found = try session.lookUp(name, in: root, deadline: deadline) { return Optional(found) }
            guard let createByteCount else { return nil }
            let made = try session.create(name, in: root, deadline: deadline)
            try session.resize(made, to: createByteCount, name: name, deadline: deadline)
            return try session.lookUp(name, in: root, deadline: deadline)
        }
        guard let found else { throw .refused(address, .lookingUp(name), .noSuchName) }
        guard found.attributes.isRegular else { throw .refused(address, .lookingUp(name), .isAFolder) }
        main = found.handle
        facts.byteCount = Int(clamping: found.attributes.byteCount)
    }

    /// Reads the header, its code unchecked, for where things are; whoever uses them checks it.
    mutating func findLayout(deadline: MonotonicInstant) throws(NFSError) {
        guard let main else { throw .closed(address) }
        let count = min(StatefileRecognition.largestHeaderBytes, facts.byteCount / 512 * 512)
        guard count > 0 else { return }
        var first = AlignedBuffer(minimumByteCount: count)
        let part = NFSReadPart(file: main, offsetBytes: 0, byteCount: count, bufferOffset: 0)
        try session.lend(.closed(address)) { session throws(NFSError) in
            try session.read([part], into: &first, name: NFSDevice.mainName, deadline: deadline)
        }
        let header: StatefileHeader
        let isReady: Bool
        switch first.withBytes(in: 0..<count, { StatefileRecognition.recognise($0) }) {
        case .ready(let found): (header, isReady) = (found, true)
        case .unfinishedFormat(let found): (header, isReady) = (found, false)
        case .empty, .damaged, .newerFormat, .foreign:
            layout = nil
            return
        }
        let parts = [RunPart.ballots, .poolRecords]
        let folders = try session.lend(.closed(address)) { session throws(NFSError) in
            try session.lookUp(parts.map(\.folderName), in: session.root, deadline: deadline)
        }
        layout = Layout(
            header: header,
            isReady: isReady,
            ballots: folders[0]?.handle,
            records: folders[1]?.handle
        )
    }

    // MARK: the file of this run

    private mutating func confirmOwnFile(deadline: MonotonicInstant) throws(NFSError) {
        guard var writer, let folder = layout?.folder(writer.part) else { return }
        try session.lend(.closed(address)) { session throws(NFSError) in
            try writer.confirm(in: folder, over: &session, deadline: deadline)
        }
        self.writer = writer
    }

    /// Less time than this is left to the next round: a request that runs into the deadline costs the
    /// session.
    ///
    /// Below half of every profile's I/O deadline, which is what an opening gets.
    private static var leastTime: TimeSpan { .milliseconds(100) }

    private mutating func startRunIfDue(deadline: MonotonicInstant) throws(NFSError) {
        let now = clock.now()
        guard var writer, writer.isDue(at: now), deadline - now >= NFSDevice.leastTime else { return }
        guard let layout, layout.isReady, let folder = layout.folder(writer.part) else { return }
        defer { self.writer = writer }
        try session.lend(.closed(address)) { session throws(NFSError) in
            try writer.start(in: folder, header: layout.header, over: &session, deadline: deadline)
        }
        // Late writes land in files that have no name any more.
        if writer.own != nil { lateWrites.mayLand = false }
    }

    /// A new run's file takes the place of the one that a late write may land in.
    public mutating func settle(until deadline: MonotonicInstant) {
        guard session?.isOpen == true else { return }
        do throws(NFSError) { try startRunIfDue(deadline: deadline) } catch { _ = fail(error) }
    }

    // MARK: troubles

    /// Notes a failure of a request.
    func fail(_ error: NFSError) -> StatefileError {
        figures.note(.failed, at: clock.now())
        // What the formatter knows as "there is none".
        if case .refused(_, .lookingUp(NFSDevice.mainName), .noSuchName) = error {
            return .cannotOpen(
                SystemError(call: "lookup", subject: "\(address)/\(NFSDevice.mainName)", code: 2)
            )
        }
        return .transport(error)
    }

    /// Notes that a request took so long and that the server answers.
    func note(since start: MonotonicInstant) {
        figures.note(.active, at: clock.now())
        figures.note(latency: clock.now() - start)
    }
}
