import ByteFormat
import LabPlatform
import LinuxPlatform
import NodeRuntime
import PoolModel
import RuntimeFakes
import StatefileLayout
import StatefileMedium
import StatefileNFS

/// A host of a pool whose statefile lies on a real NFS server: its storage loop, driven round by round.
///
/// Used on the client's thread only.
final class PoolHost {
    typealias Loop = StatefileLoop<BootClock, DeviceStatefile<NFSDevice>, SumAuthenticator>

    let row: Int
    let report: StatefileReport
    let result: RoundResult
    private var loop: Loop
    private var slotSequence: UInt64 = 0

    init(
        _ row: Int,
        of header: StatefileHeader,
        at address: NFSAddress,
        folder: String,
        ioDeadline: TimeSpan = .seconds(2)
    ) throws {
        self.row = row
        result = RoundResult(hostCount: header.hostNames.count)
        let state = "\(folder)/state-\(row)"
        try FileTree.makeFolder(state)
        let device = NFSDevice(
            address,
            StatefileUse(.readWrite, .rounds),
            hostName: header.hostNames[row],
            stateDirectory: state
        )
        report = StatefileReport(paths: device.paths)
        let port = DeviceStatefile(
            device: device,
            own: HostIndex(row),
            codec: header.codec,
            ioDeadline: ioDeadline,
            formerLives: FormerLives(lockPath: state + "/lock", bound: .untilTakenOver(orAfter: nil)),
            report: report
        )
        loop = StatefileLoop(
            codec: header.codec,
            ioDeadline: ioDeadline,
            clock: BootClock(),
            port: port,
            authenticator: SumAuthenticator(key: 1)
        )
    }

    var statistics: StatefileStatistics { loop.statistics }

    /// One round: the slot, the ballots read, and a ballot write where one is given.
    @discardableResult
    func round(_ ballot: BallotWrite? = nil) -> RoundResult {
        slotSequence += 1
        var request = RoundRequest(id: slotSequence)
        var slot = Slot(emptyFor: HostIndex(row))
        slot.sequence = slotSequence
        request.slot = slot
        request.readsBallots = true
        request.ballot = ballot
        loop.perform(request, into: result)
        return result
    }

    /// A ballot record with this sequence, to go to its sub-block.
    func ballot(_ sequence: UInt64, mbal: UInt64 = 0) -> BallotWrite {
        var record = BallotRecord(formattedFor: HostIndex(row))
        record.sequence = sequence
        record.mbal = BallotNumber(mbal)
        return BallotWrite(subBlock: UInt8(sequence % 4), record: record)
    }
}

extension GaneshaBench {
    static let names = ["lab1", "lab2", "lab3"]

    /// Formats a statefile on the server.
    @discardableResult
    func format(
        _ names: [String] = GaneshaBench.names,
        byteCount: Int = 1 << 20,
        mayDestroyContent: Bool = false
    ) throws -> StatefileHeader {
        let address = address
        return try client.run {
            var plan = StatefilePlan(hostNames: names, timing: .fast)
            plan.mayDestroyContent = mayDestroyContent
            var device = NFSDevice(
                address,
                StatefileUse(.exclusive, .tool, createByteCount: byteCount),
                hostName: nil,
                stateDirectory: nil
            )
            var authenticator = SumAuthenticator(key: 1)
            return try StatefileFormatter.format(plan, on: &device, authenticator: &authenticator)
        }
    }

    /// What `holdfast statefile check` finds.
    func check() throws -> StatefileCheckReport {
        let address = address
        return try client.run {
            var device = NFSDevice(address, StatefileUse(.read, .tool), hostName: nil, stateDirectory: nil)
            var authenticator = SumAuthenticator(key: 1)
            return try StatefileCheck.run(&device, readCount: 20, authenticator: &authenticator)
        }
    }

    /// The names in one of the exported folders, as they are on the server's disk.
    func names(in folder: String) -> [String] { FileTree.names(in: exported + "/" + folder).sorted() }
}
