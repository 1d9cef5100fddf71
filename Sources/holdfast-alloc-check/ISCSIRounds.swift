import LinuxPlatform
import MessageAuthentication
import NodeRuntime
import PoolModel
import StatefileISCSI
import StatefileLayout
import StatefileMedium

/// Rounds of three hosts' statefile on a logical unit, as the storage thread carries them out.
struct ISCSIRounds: ~Copyable {
    private var statefile: StatefileLoop<BootClock, DeviceStatefile<ISCSIDevice>, HMACAuthenticator>
    private let result = RoundResult(hostCount: 3)
    private var request = RoundRequest(id: 0)

    /// Formats the unit, which holds nothing yet.
    init(key: PoolKey, url: String, directory: String) throws {
        guard case .iscsi(let address) = try StatefileAddress(url) else {
            throw StatefileAddressError.unknownScheme(url)
        }
        let login = ISCSILogin(
            initiatorName: InitiatorName.find(configured: nil, hostName: "alloc-check"),
            secrets: nil,
            purpose: 1
        )
        var authenticator = HMACAuthenticator(current: key)
        var device = ISCSIDevice(address: address, login: login, access: .exclusive, patience: .seconds(1))
        let plan = StatefilePlan(hostNames: ["lab1", "lab2", "lab3"], timing: .fast)
        let header = try StatefileFormatter.format(plan, on: &device, authenticator: &authenticator)
        statefile = StatefileLoop(
            codec: header.codec,
            ioDeadline: .seconds(1),
            clock: BootClock(),
            port: DeviceStatefile(
                device: device,
                own: HostIndex(0),
                codec: header.codec,
                ioDeadline: .seconds(1),
                formerLives: FormerLives(
                    lockPath: directory + "/lock",
                    bound: .untilTakenOver(orAfter: nil)
                ),
                report: StatefileReport()
            ),
            authenticator: HMACAuthenticator(current: key)
        )
        request.slot = Slot(emptyFor: HostIndex(0))
        request.readsBallots = false
    }

    /// A round as most are: one slot written, all slots read.
    mutating func turn() -> Bool {
        request.id += 1
        request.slot?.sequence = request.id
        statefile.perform(request, into: result)
        return result.slotWrite == .succeeded && result.slotsRead
    }
}
