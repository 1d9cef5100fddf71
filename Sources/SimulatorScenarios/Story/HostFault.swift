import Simulator

/// What can befall a host, or be mended there, and needs no more to be told than the host.
public enum HostFault: String, CaseIterable, Sendable {
    case powerOff = "power off"
    case powerOn = "power on"
    case reboot
    case crashDaemon = "crash daemon of"
    case restartDaemon = "restart daemon of"
    case cutStorage = "cut storage of"
    case failStorage = "fail storage of"
    case plugStorage = "plug storage of"
    case loseSession = "lose session of"
    case tearWrite = "tear next write of"
    case failWrite = "fail next write of"
    case failRead = "fail next read of"
    case spoilOldBallot = "spoil old ballot of"
    case cutNetwork = "cut network of"
    case silenceNetwork = "silence network of"
    case plugNetwork = "plug network of"
    case clogNetwork = "clog network of"
    case unclogNetwork = "unclog network of"
    case breakSysrq = "break sysrq of"
    case mendSysrq = "mend sysrq of"
    case failWatchdog = "fail watchdog of"
    case mendWatchdog = "mend watchdog of"
    case failFeeds = "fail feeds of"
    case mendFeeds = "mend feeds of"
    /// The watchdog cannot be stopped once it runs (*nowayout*).
    case lockWatchdog = "lock watchdog of"
    case unlockWatchdog = "unlock watchdog of"
    case failFile = "fail own file of"
    case spoilFile = "spoil own file of"
    /// Every write of the own file fails.
    case fillDisk = "fill own disk of"
    case clearDisk = "clear own disk of"
    case startGuests = "start guests on"
    case stopGuests = "stop guests on"
    /// A stop of its guests cannot be proved.
    case doubtGuestStops = "doubt guest stops on"
    case proveGuestStops = "prove guest stops on"
    case forgetFences = "forget self-fences of"

    /// Carries it out on a host.
    func strike(_ host: Int, in world: World) {
        switch self {
        case .powerOff: world.powerOff(host)
        case .powerOn: world.powerOn(host)
        case .reboot: world.reboot(host)
        case .crashDaemon: world.crashDaemon(host)
        case .restartDaemon: world.restartDaemon(host)
        case .cutStorage: world.cutStorage(of: host)
        case .failStorage: world.failStorage(of: host)
        case .plugStorage: world.healStorage(of: host)
        case .loseSession: world.loseSession(of: host)
        case .tearWrite: world.tearNextWrite(of: host)
        case .failWrite: world.failNextWrite(of: host)
        case .failRead: world.failNextRead(of: host)
        case .spoilOldBallot: world.spoilOldBallot(of: host)
        case .cutNetwork: world.cutNetwork(of: host)
        case .silenceNetwork: world.silenceNetwork(of: host)
        case .plugNetwork: world.healNetwork(of: host)
        case .clogNetwork: world.clogNetwork(of: host)
        case .unclogNetwork: world.unclogNetwork(of: host)
        case .breakSysrq: world.breakSysrq(host)
        case .mendSysrq: world.mendSysrq(host)
        case .failWatchdog: world.failWatchdog(host)
        case .mendWatchdog: world.failWatchdog(host, false)
        case .failFeeds: world.failFeeds(host)
        case .mendFeeds: world.failFeeds(host, false)
        case .lockWatchdog: world.setNoWayOut(host)
        case .unlockWatchdog: world.setNoWayOut(host, false)
        case .failFile: world.failNextPersist(host)
        case .spoilFile: world.spoilOwnFile(host)
        case .fillDisk: world.failPersists(host)
        case .clearDisk: world.failPersists(host, false)
        case .startGuests: world.setGuests(host, running: true)
        case .stopGuests: world.setGuests(host, running: false)
        case .doubtGuestStops: world.setGuestStopProof(host, false)
        case .proveGuestStops: world.setGuestStopProof(host, true)
        case .forgetFences: world.forgetSelfFences(host)
        }
    }

    /// Whether it puts something right, or changes nothing that could be called a fault.
    var isMending: Bool {
        switch self {
        case .powerOn, .restartDaemon, .plugStorage, .plugNetwork, .unclogNetwork, .mendSysrq, .mendWatchdog,
            .mendFeeds, .unlockWatchdog, .clearDisk, .startGuests, .stopGuests, .proveGuestStops,
            .forgetFences:
            true
        case .powerOff, .reboot, .crashDaemon, .cutStorage, .failStorage, .loseSession, .tearWrite,
            .failWrite, .failRead, .spoilOldBallot, .cutNetwork, .silenceNetwork, .clogNetwork, .breakSysrq,
            .failWatchdog, .failFeeds, .lockWatchdog, .failFile, .spoilFile, .fillDisk, .doubtGuestStops:
            false
        }
    }

    /// What it is a fault of, when it befalls everybody at once.
    var extentOfAll: FaultExtent {
        switch self {
        case .cutStorage, .failStorage: .array
        case .cutNetwork, .silenceNetwork, .clogNetwork: .network
        default: .several
        }
    }
}
