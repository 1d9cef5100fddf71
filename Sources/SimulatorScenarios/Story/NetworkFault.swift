import Simulator

/// What can befall one of several heartbeat networks, or be mended there; networks count from 1.
public enum NetworkFault: String, CaseIterable, Sendable {
    /// The hosts' cables are pulled; of all hosts: the switch is dead.
    case cut = "cut network {network} of {hosts}"
    /// Nothing gets in or out, the carrier stays.
    case silence = "silence network {network} of {hosts}"
    /// It works again.
    case plug = "plug network {network} of {hosts}"

    /// Carries it out on one host; a network that the world does not have is left alone.
    func strike(_ network: Int, of host: Int, in world: World) {
        guard (1...world.settings.network.count).contains(network) else { return }
        switch self {
        case .cut: world.cutNetwork(network - 1, of: host)
        case .silence: world.silenceNetwork(network - 1, of: host)
        case .plug: world.healNetwork(network - 1, of: host)
        }
    }

    /// Whether it puts something right.
    var isMending: Bool { self == .plug }
}
