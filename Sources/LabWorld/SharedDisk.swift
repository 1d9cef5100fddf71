internal import Glibc
public import LabPlatform

/// One host's way to the shared disk: a FUSE volume over files that all hosts have in common, in a process of
/// its own.
///
/// It shows `statefile` and `guests/NAME.disk`. Every write for a guest is logged with when it came and when
/// it landed, so that the checker need not believe the guest.
public final class SharedDisk: FuseFiles {
    private struct Request {
        enum Work {
            case read(count: Int)
            case write([UInt8])
            case sync
        }
        let node: UInt64
        let offset: Int64
        let work: Work
        let arrived: Int64
        /// Nil once the host that asked is dead.
        let reply: FuseReply?
    }

    private enum Number {
        static let root: UInt64 = 1
        static let statefile: UInt64 = 2
        static let guests: UInt64 = 3
        static let firstDisk: UInt64 = 16
    }

    private let host: String
    private let paths: LabPaths
    private let log: Descriptor
    private var path = DiskPath.healthy
    private var waiting: [Request] = []
    private var timed: [(due: Int64, request: Request)] = []
    private var lateNanoseconds: Int64 = 0
    private var diskNames: [String] = []
    private var backings: [UInt64: Descriptor] = [:]
    private var random = SystemRandomNumberGenerator()

    init(plan: LabPlan, host: String) throws(LabError) {
        self.host = host
        paths = LabPaths(root: plan.directory)
        lateNanoseconds = Int64(plan.lateWriteMilliseconds) * LabClock.millisecond
        log = try Descriptor(path: paths.writeLog(host), flags: O_WRONLY | O_CREAT | O_APPEND)
    }

    /// Serves the shared disk for `host` until the input ends.
    public static func run(directory: String, host: String) throws(LabError) {
        let disk = try SharedDisk(plan: LabPlan.load(directory: directory), host: host)
        let mount = LabPaths(root: directory).host(host).shared
        let volume = try FuseVolume(at: mount, name: "holdfast-lab-\(host)-disk", files: disk)
        try Bench.run(Bench.Parts(volume: volume, obey: { disk.obey($0) }, tick: { disk.tick($0) }))
    }

    // Faults.

    private func obey(_ line: String) -> String {
        switch line {
        case "heal in-order": heal(shuffled: false)
        case "heal shuffled": heal(shuffled: true)
        case "drop": drop()
        default:
            guard let wanted = DiskPath(words: line) else { return "unknown command \(line)" }
            path = wanted
            if wanted == .failing { failWaiting() }
        }
        return "ok \(waiting.count + timed.count)"
    }

    private func heal(shuffled: Bool) {
        path = .healthy
        let requests = shuffled ? waiting.shuffled(using: &random) : waiting
        waiting = []
        for request in requests { perform(request) }
    }

    private func failWaiting() {
        for request in waiting { request.reply?.finish(EIO) }
        waiting = []
    }

    /// The host was reset: what it had under way is gone, or lands late where the lab was told so (statefile
    /// only; a guest's writes that land late would be the array's fault and not the product's).
    private func drop() {
        path = .off
        let underWay = waiting + timed.map(\.request)
        waiting = []
        timed = []
        for request in underWay {
            request.reply?.finish(EIO)
            guard lateNanoseconds > 0, request.node == Number.statefile, case .write = request.work else {
                continue
            }
            let orphan = Request(
                node: request.node,
                offset: request.offset,
                work: request.work,
                arrived: request.arrived,
                reply: nil
            )
            timed.append((LabClock.now + Int64.random(in: 0...lateNanoseconds, using: &random), orphan))
        }
    }

    private func tick(_ now: Int64) -> Int64? {
        let due = timed.filter { $0.due <= now }.sorted { $0.due < $1.due }
        timed.removeAll { $0.due <= now }
        for entry in due { perform(entry.request) }
        return timed.map(\.due).min()
    }

    private func take(_ request: Request) {
        switch path {
        case .healthy: perform(request)
        case .stalled: waiting.append(request)
        case .failing, .off: request.reply?.finish(EIO)
        case .slow(let milliseconds, let jitter):
            let extra = jitter > 0 ? Int.random(in: 0...jitter, using: &random) : 0
            timed.append((LabClock.now + Int64(milliseconds + extra) * LabClock.millisecond, request))
        }
    }

    private func perform(_ request: Request) {
        guard let backing = backing(request.node) else {
            request.reply?.finish(ENOENT)
            return
        }
        switch request.work {
        case .sync: request.reply?.finish(0)
        case .read(let count):
            switch backing.read(at: request.offset, count: count) {
            case .success(let bytes): request.reply?.finish(reading: bytes)
            case .failure: request.reply?.finish(EIO)
            }
        case .write(let bytes):
            let outcome = backing.write(bytes, at: request.offset)
            if outcome == 0 { note(request, bytes) }
            if outcome == 0 {
                request.reply?.finish(writing: bytes.count)
            } else {
                request.reply?.finish(outcome)
            }
        }
    }

    private func note(_ request: Request, _ bytes: [UInt8]) {
        guard request.node >= Number.firstDisk else { return }
        let text = String(decoding: bytes.prefix { $0 != 0 && $0 != 10 }, as: UTF8.self)
        let file = diskNames[Int(request.node - Number.firstDisk)]
        log.write(text: "\(request.arrived) \(LabClock.now) \(host) \(file) \(request.offset) \(text)\n")
    }

    // The files.

    private func backing(_ number: UInt64) -> Descriptor? {
        if let known = backings[number] { return known }
        let file: String
        switch number {
        case Number.statefile: file = paths.statefileBacking
        case Number.firstDisk...:
            let index = Int(number - Number.firstDisk)
            guard diskNames.indices.contains(index) else { return nil }
            file = paths.guestDisks + "/" + diskNames[index]
        default: return nil
        }
        guard let opened = try? Descriptor(path: file, flags: O_RDWR) else { return nil }
        backings[number] = opened
        return opened
    }

    private func diskNodes() -> [FuseNode] {
        let names = FileTree.names(in: paths.guestDisks)
        for name in names where !diskNames.contains(name) { diskNames.append(name) }
        return names.compactMap { name in
            diskNames.firstIndex(of: name).flatMap { node(Number.firstDisk + UInt64($0)) }
        }
    }

    /// The node with this number.
    public func node(_ number: UInt64) -> FuseNode? {
        switch number {
        case Number.root: return FuseNode(number: number, name: "", isFolder: true, permissions: 0o755)
        case Number.guests:
            return FuseNode(number: number, name: "guests", isFolder: true, permissions: 0o755)
        case Number.statefile:
            return FuseNode(number: number, name: "statefile", size: backing(number)?.size ?? 0)
        default:
            guard let file = backing(number) else { return nil }
            return FuseNode(number: number, name: diskNames[Int(number - Number.firstDisk)], size: file.size)
        }
    }

    /// What is in a folder.
    public func children(of folder: UInt64) -> [FuseNode] {
        switch folder {
        case Number.root: [Number.statefile, Number.guests].compactMap { node($0) }
        case Number.guests: diskNodes()
        default: []
        }
    }

    /// Disks are made by the lab, not by hosts.
    public func create(_ name: String, in folder: UInt64) -> FuseNode? { nil }

    /// Opening needs no request to the disk, as with a block device.
    public func open(_ number: UInt64) -> Int32 { backing(number) == nil ? ENOENT : 0 }

    /// Nothing to do.
    public func close(_ number: UInt64) {}

    /// A read, when the path lets it through.
    public func read(_ number: UInt64, offset: Int64, count: Int, reply: FuseReply) {
        take(
            Request(
                node: number,
                offset: offset,
                work: .read(count: count),
                arrived: LabClock.now,
                reply: reply
            )
        )
    }

    /// A write, when the path lets it through.
    public func write(_ number: UInt64, offset: Int64, bytes: [UInt8], reply: FuseReply) {
        take(Request(node: number, offset: offset, work: .write(bytes), arrived: LabClock.now, reply: reply))
    }

    /// A flush, which waits its turn like any request.
    public func sync(_ number: UInt64, reply: FuseReply) {
        take(Request(node: number, offset: 0, work: .sync, arrived: LabClock.now, reply: reply))
    }

    /// A disk has the size that it has.
    public func resize(_ number: UInt64, to size: Int64) -> Int32 {
        node(number)?.size == size ? 0 : EINVAL
    }

    /// A plain file has no commands.
    public func control(_ number: UInt64, command: UInt32, input: [UInt8], outputCount: Int, reply: FuseReply)
    {
        reply.finish(ENOTTY)
    }
}
