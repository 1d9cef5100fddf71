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
    case cutNetwork = "cut network of"
    case silenceNetwork = "silence network of"
    case plugNetwork = "plug network of"
    case breakSysrq = "break sysrq of"
    case failFile = "fail own file of"
    case failWatchdog = "fail watchdog of"
    case mendWatchdog = "mend watchdog of"
    case startGuests = "start guests on"
    case stopGuests = "stop guests on"
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
        case .cutNetwork: world.cutNetwork(of: host)
        case .silenceNetwork: world.silenceNetwork(of: host)
        case .plugNetwork: world.healNetwork(of: host)
        case .breakSysrq: world.breakSysrq(host)
        case .failFile: world.failNextPersist(host)
        case .failWatchdog: world.failWatchdog(host)
        case .mendWatchdog: world.failWatchdog(host, false)
        case .startGuests: world.setGuests(host, running: true)
        case .stopGuests: world.setGuests(host, running: false)
        case .forgetFences: world.forgetSelfFences(host)
        }
    }

    /// Whether it puts something right, or changes nothing that could be called a fault.
    var isMending: Bool {
        switch self {
        case .powerOn, .restartDaemon, .plugStorage, .plugNetwork, .mendWatchdog, .startGuests, .stopGuests,
            .forgetFences:
            true
        case .powerOff, .reboot, .crashDaemon, .cutStorage, .failStorage, .cutNetwork, .silenceNetwork,
            .breakSysrq, .failFile, .failWatchdog:
            false
        }
    }
}
