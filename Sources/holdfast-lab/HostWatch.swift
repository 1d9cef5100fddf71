internal import AdminProtocol
internal import ControlPlane
internal import LabPlatform
internal import LabWorld
internal import PoolModel

/// What the programs of one host tell over their control sockets.
final class HostWatch {
    let name: String
    private let daemon: AdminClient
    private let manager: AdminClient
    private var daemonRestsUntil: Int64 = 0
    private var managerRestsUntil: Int64 = 0
    private var nextEvent: UInt64 = 0
    private var seen: Set<String> = []
    /// The newest status; nil when the daemon does not answer.
    private(set) var status: StatusReport?
    /// The newest list of machines; nil when the manager does not answer.
    private(set) var machines: VMListReport?
    /// Why the daemon or the manager does not answer.
    private(set) var trouble: String?

    init(_ name: String, paths: LabPaths) {
        self.name = name
        let host = paths.host(name)
        daemon = AdminClient(path: host.daemonSocket, timeout: .milliseconds(400))
        manager = AdminClient(path: host.managerSocket, timeout: .milliseconds(400))
    }

    /// Asks the daemon for its status and what happened since; a host that does not answer rests a while.
    func lookAtDaemon() -> [EventReport] {
        guard LabClock.now >= daemonRestsUntil else { return [] }
        do throws(AdminClientError) {
            status = try daemon.call(StatusCommand())
            trouble = nil
            let report = try daemon.call(EventsCommand(since: nextEvent))
            nextEvent = report.next
            // A daemon that started anew counts from the start; what was told already is known by its time.
            return report.events.filter { seen.insert("\($0.atNanoseconds) \($0.sequence)").inserted }
        } catch {
            (status, nextEvent) = (nil, 0)
            trouble = "\(error)"
            daemonRestsUntil = LabClock.now + pause(after: error)
            return []
        }
    }

    /// Asks the manager for the machines.
    func lookAtManager() {
        guard LabClock.now >= managerRestsUntil else { return }
        do throws(AdminClientError) {
            machines = try manager.call(VMListCommand())
        } catch {
            machines = nil
            managerRestsUntil = LabClock.now + pause(after: error)
        }
    }

    /// The lines of the restart ledger after this number.
    func ledger(since number: UInt64) -> LedgerReport? {
        var command = LedgerCommand()
        command.since = number
        return try? manager.call(command)
    }

    /// Asks the manager for something.
    func ask<Command: AdminCommand>(_ command: Command) throws(LabError) -> Command.Reply {
        do throws(AdminClientError) {
            return try manager.call(command)
        } catch {
            throw LabError("the manager of \(name) does not do \(Command.name): \(error)")
        }
    }

    /// Asks the daemon for something.
    func askDaemon<Command: AdminCommand>(_ command: Command) throws(LabError) -> Command.Reply {
        do throws(AdminClientError) {
            return try daemon.call(command)
        } catch {
            throw LabError("the daemon of \(name) does not do \(Command.name): \(error)")
        }
    }

    private func pause(after error: AdminClientError) -> Int64 {
        if case .timedOut = error { return LabClock.second }
        return 200 * LabClock.millisecond
    }
}
