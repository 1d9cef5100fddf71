import LivesetEngine
import NodeRuntime
import PoolModel

/// The watchdog device of a simulated host, as its fence loop sees it.
struct SimulatedWatchdogPort: WatchdogPort {
    unowned let world: World
    unowned let host: SimulatedHost
    let board: RunBoard

    var isOpen: Bool { board.isDeviceOpen }

    mutating func open(timeout: TimeSpan) -> WatchdogOutcome {
        world.openDevice(of: host, board, timeout: timeout)
    }

    mutating func feed() -> Bool { world.feedDevice(of: host) }

    mutating func disarm(_ permit: consuming DisarmPermit) -> DisarmOutcome {
        world.disarmDevice(of: host, board, permit)
    }
}

/// Sysrq of a simulated host.
struct SimulatedTrigger: FirePort {
    unowned let host: SimulatedHost
    let board: RunBoard

    /// The world resets the host when the fence loop's turn is over; a broken sysrq does nothing.
    mutating func fire(guestsStopped: Bool) { if !host.sysrqBroken { board.hasFired = true } }

    /// The worst that an orderly reboot can do is to hang for ever, so that is what it does here.
    mutating func reboot() {}
}
