import DaemonConfig
import LinuxPlatform
import Synchronization

/// Which physical ports have carrier, for status only: a netlink socket of the bridge's own, apart from the
/// engine's.
final class CarrierDisplay: Sendable {
    private let names: [[String]]
    private let watch: Mutex<CarrierWatch?>

    /// A display of the ports of these networks; empty where netlink is not to be had.
    init(_ networks: [HeartbeatNetwork]) {
        names = networks.map(\.interfaces)
        watch = Mutex(try? CarrierWatch(ports: networks.flatMap(\.interfaces)))
    }

    /// Puts the present state on the board.
    func show(on board: DaemonBoard) {
        watch.withLock { watch in
            _ = watch?.observe()
            var place = 0
            for (network, ports) in names.enumerated() {
                var carriers: [String: Bool] = [:]
                for port in ports {
                    carriers[port] = watch?.hasCarrier(at: place) ?? false
                    place += 1
                }
                board.note(carriers: carriers, of: network)
            }
        }
    }
}
