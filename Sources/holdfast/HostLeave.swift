import AdminProtocol
import ArgumentParser
import ControlPlane
import Glibc
import LinuxPlatform
import PoolModel

/// `holdfast host leave` ([LEAVE-1]).
struct HostLeave: DaemonOrder {
    static let configuration = CommandConfiguration(
        commandName: "leave",
        abstract: "Take this host out of the liveset cleanly, for maintenance or shutdown.",
        discussion: """
            Works only while no guest runs here: the daemon refuses otherwise and stays armed. Afterwards \
            the watchdog is disarmed, nothing is restarted and nothing is alarmed. 'holdfast host stay' \
            takes it back.

            With --stop-machines the machines that run here are stopped first, and stay off. With --wait the \
            command ends only once the host has left.

            EXAMPLE: holdfast host leave
            EXAMPLE: holdfast host leave --stop-machines --wait 180
            """
    )

    @Flag(help: "Stop the machines that run on this host first; they stay off.")
    var stopMachines = false

    @Option(help: ArgumentHelp("Seconds to wait until this host has left.", valueName: "seconds"))
    var wait = 0.0

    @OptionGroup var asker: Operator
    @OptionGroup var connection: Connection
    @OptionGroup var output: Output

    func validate() throws {
        guard wait >= 0, wait <= 3600 else {
            throw ValidationError("--wait \(wait) is not between 0 and 3600 seconds")
        }
    }

    func run() throws {
        let status = try connection.ask(.daemon, StatusCommand())
        // Nothing to leave: a host that shuts down without having joined is not kept.
        if status.phase != .member, status.phase != .leaving {
            print("\(status.host) is no member (\(status.phase.rawValue)): there is nothing to leave")
            return
        }
        if stopMachines { try stopAll(on: status.host) }
        try order(LeaveCommand(by: asker.name))
        try waitUntilLeft()
    }

    private func stopAll(on host: String) throws {
        let deadline = now + max(wait, 60)
        var asked: Set<String> = []
        while true {
            let machines = try connection.ask(.manager, VMListCommand()).machines
            let here = machines.filter { $0.host == host && $0.state != "off" }
            let mayRun = try connection.ask(.daemon, StatusCommand()).hasGuests
            if here.isEmpty, !mayRun { return }
            for machine in here where asked.insert(machine.name).inserted {
                var command = VMStopCommand(vm: machine.name)
                command.by = asker.name ?? "holdfast host leave"
                _ = try connection.ask(.manager, command)
                print("\(machine.name) is being stopped")
            }
            guard now < deadline else {
                throw CommandFailure(
                    .timedOut,
                    "machines still run on \(host): \(here.map(\.name)); nothing was left"
                )
            }
            usleep(500_000)
        }
    }

    private func waitUntilLeft() throws {
        let deadline = now + wait
        while wait > 0 {
            let status = try connection.ask(.daemon, StatusCommand())
            if status.phase == .left, !status.fencing.isArmed {
                print("\(status.host) has left, and is disarmed")
                return
            }
            guard now < deadline else {
                throw CommandFailure(
                    .timedOut,
                    "\(status.host) has not left after \(wait) s (\(status.phase.rawValue)): 'holdfast status' says why"
                )
            }
            usleep(300_000)
        }
    }

    /// Seconds of a clock that nobody sets.
    private var now: Double { Double(BootClock().now().nanoseconds) / 1e9 }
}
