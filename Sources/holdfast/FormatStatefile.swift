import ArgumentParser
import ByteFormat
import FoundationEssentials
import Glibc
import LinuxPlatform
import PoolModel
import StatefileLayout
import StatefileMedium
import StatefileTransports

/// `holdfast statefile format`.
struct FormatStatefile: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "format",
        abstract: "Make a file or device the statefile of a new pool generation.",
        discussion: """
            Looks first. What is empty is formatted without asking. A statefile is replaced only after a \
            question or with --yes, and never while a host writes to it. A file system, a partition table or \
            anything else that is not known to be free is refused unless --force is said as well. A file \
            that does not exist is made.

            The order of --host is the order of the host table; it stays for the life of the pool.

            EXAMPLE: holdfast statefile format /srv/statefile --host lab1 --host lab2 --host lab3 --profile fast
            """
    )

    @Argument(help: "The file, device or URL (\(StatefileAddress.forms)).", completion: .file())
    var path: String

    @Option(
        name: .long,
        help: ArgumentHelp("A host of the pool, in the order of the table; repeat it.", valueName: "name")
    )
    var host: [String]

    @Option(help: "The pool's timing: conservative, default or fast. (default: default)")
    var profile: Profile?

    @Option(
        help: ArgumentHelp(
            "The longest stall of the storage to survive, instead of a profile.",
            valueName: "seconds"
        )
    )
    var storageStallTolerance: Double?

    @Option(help: ArgumentHelp("The size of a file that is made; a device has its own.", valueName: "size"))
    var size: MemorySize?

    @Flag(help: "Overwrite even what is not known to be free. Needs an answer or --yes as well.")
    var force = false

    @OptionGroup var transport: TransportAccess
    @OptionGroup var confirmation: Confirmation
    @OptionGroup var key: KeyAccess
    @OptionGroup var output: Output

    /// The profiles by their names in the configuration.
    enum Profile: String, ExpressibleByArgument, CaseIterable {
        case conservative
        case `default`
        case fast

        var choice: TimingChoice {
            switch self {
            case .conservative: .conservative
            case .default: .standard
            case .fast: .fast
            }
        }
    }

    func validate() throws {
        guard profile == nil || storageStallTolerance == nil else {
            throw ValidationError(
                "give either --profile or --storage-stall-tolerance; all times follow from one of them"
            )
        }
        if let seconds = storageStallTolerance, !(0...600).contains(seconds) {
            throw ValidationError("--storage-stall-tolerance \(seconds) is not between 0 and 600 seconds")
        }
        do throws(HostTableError) { try StatefileHeader.check(host) } catch {
            throw ValidationError("\(error)")
        }
    }

    func run() throws {
        let choice: TimingChoice
        if let storageStallTolerance {
            choice = .storageStallTolerance(.seconds(storageStallTolerance))
        } else {
            choice = (profile ?? .default).choice
        }
        do throws(TimingError) { try Timing(choice).check() } catch {
            throw CommandFailure(.usage, "\(error)")
        }
        var authenticator = try key.authenticator()
        let source = try transport.source(at: path)
        var plan = StatefilePlan(hostNames: host, timing: choice)
        do {
            plan.mayDestroyContent = try mayDestroyContent(source)
            let use = StatefileUse(.exclusive, .tool, createByteCount: try sizeOfNewFile(source, plan))
            var device = try source.device(for: use)
            _ = try StatefileFormatter.format(plan, on: &device, authenticator: &authenticator)
        } catch let error as StatefileError {
            throw CommandFailure(error)
        }
        let dump = try StatefileReading.dump(source, authenticator: &authenticator)
        let contents = StatefileContents(path: "\(source)", dump: dump)
        try output.show(contents) { StatefileText(contents: contents, ink: $0).made }
    }

    /// Nil where nothing is to be made: it is there, or can only be a device.
    private func sizeOfNewFile(
        _ source: StatefileSource,
        _ plan: StatefilePlan
    ) throws(StatefileError) -> Int? {
        switch source.address {
        case .iscsi: return nil
        case .path(let path):
            if FileManager.default.fileExists(atPath: path) || path.hasPrefix("/dev/") { return nil }
        case .nfs: break
        }
        if let size { return size.mebibytes << 20 }
        return try StatefileFormatter.recommendedBytes(for: plan)
    }

    /// Whether there is nothing yet at a place where a file can be made.
    private func isToBeMade(_ source: StatefileSource) -> Bool {
        source.address.path.map { !FileManager.default.fileExists(atPath: $0) } ?? false
    }

    /// Looks at what is there, asks where it has to be asked, and refuses what must not be lost.
    private func mayDestroyContent(_ source: StatefileSource) throws -> Bool {
        guard !isToBeMade(source) else { return false }
        var device = try source.device(for: StatefileUse(.read, .tool))
        guard try isThere(&device) else { return false }
        switch try device.recognise(until: ToolPatience.deadline) {
        case .empty:
            return false
        case .ready(let header):
            let name =
                "the statefile of pool \(PoolID.text(header.generation)) of \(header.hostNames.joined(separator: ", "))"
            let isBusy = force ? false : try isInUse(&device, header.geometry)
            guard !isBusy else {
                throw CommandFailure(
                    .notWritten,
                    "\(path) is \(name), and a host writes to it now. A new format would fence every host of that "
                        + "pool. Run 'holdfast pool ha-disable' there, stop its daemons, then try again"
                )
            }
            try confirmation.ask("\(path) is \(name). Its liveset, machines and ledger will be gone.")
        case .unfinishedFormat:
            try confirmation.ask("\(path) is a statefile whose format was interrupted.")
        case .damaged(let cause):
            try confirmation.ask(
                "\(path) is a statefile with a damaged header (\(RejectionWords.of(cause))). All of it will be gone."
            )
        case .newerFormat:
            try refuse("a statefile of a newer Holdfast")
        case .foreign:
            try refuse("something that is no statefile: a file system, a partition table, somebody's data")
        }
        return true
    }

    private func refuse(_ content: String) throws(CommandFailure) {
        guard force else {
            throw CommandFailure(
                .notWritten,
                "\(path) holds \(content); nothing was written. Look at it with 'blkid \(path)' and 'wipefs \(path)'; "
                    + "if it may really go, say --force"
            )
        }
        try confirmation.ask("\(path) holds \(content). It will be destroyed.")
    }

    /// Opens the device; false where its transport says that nothing is there yet.
    private func isThere(_ device: inout TransportDevice) throws(StatefileError) -> Bool {
        do throws(StatefileError) {
            _ = try device.open(until: ToolPatience.deadline)
            return true
        } catch {
            guard case .cannotOpen(let cause) = error, cause.code == 2, device.facts.kind == .nfs else {
                throw error
            }
            return false
        }
    }

    /// Whether a slot changes within a little more than the longest round interval.
    private func isInUse(_ device: inout TransportDevice, _ geometry: StatefileGeometry) throws -> Bool {
        guard geometry.slotArea.upperBound <= device.facts.byteCount else { return false }
        let before = try fingerprint(&device, geometry)
        for _ in 0..<12 {
            usleep(250_000)
            if try fingerprint(&device, geometry) != before { return true }
        }
        return false
    }

    private func fingerprint(
        _ device: inout TransportDevice,
        _ geometry: StatefileGeometry
    ) throws(StatefileError) -> UInt64 {
        let area = geometry.slotArea
        var slots = AlignedBuffer(minimumByteCount: area.count)
        try device.read(
            offsetBytes: area.lowerBound,
            byteCount: area.count,
            into: &slots,
            until: ToolPatience.deadline
        )
        return slots.withBytes(in: 0..<area.count) { Fingerprint.of($0) }
    }
}
