public import AdminProtocol
import FoundationEssentials
import LinuxPlatform
import PoolModel

extension AdminErrorCode {
    /// The master refused the request; the message says why.
    public static let refusedByMaster = AdminErrorCode(rawValue: "refused-by-master")
    /// No machine of that name.
    public static let unknownMachine = AdminErrorCode(rawValue: "unknown-vm")
    /// No request of that name on this host.
    public static let unknownRequest = AdminErrorCode(rawValue: "unknown-request")
}

/// The commands of `manager.sock`, answered from the board.
///
/// A request is handed to the loop, which puts it into this host's record area; the master of the pool finds
/// it there, carries it out and answers in the record. The handler waits a moment for that; what takes longer
/// is *pending*, and the caller asks again by its name.
public enum ManagerRouter {
    /// How long a handler waits for the master's answer; others wait behind it for so long.
    static let patience = TimeSpan.milliseconds(1500)

    /// The router over this board.
    public static func make(_ board: ManagerBoard) -> AdminRouter {
        var router = AdminRouter()
        addRequests(&router, board)
        router.on(VMListCommand.self) { _, _ in Story(board.view).list() }
        router.on(VMWhyCommand.self) { command, _ throws(AdminFailure) in
            guard let report = Story(board.view).why(command.vm) else { throw unknown(command.vm) }
            return report
        }
        router.on(HostWhyCommand.self) { command, _ throws(AdminFailure) in
            let view = board.view
            return Story(view).host(try row(command.host, view))
        }
        router.on(LedgerCommand.self) { command, _ in
            Story(board.view).ledger(machine: command.vm, since: command.since ?? 0)
        }
        router.on(ManagerStatusCommand.self) { _, _ in Story(board.view).status(now: BootClock().now()) }
        return router
    }

    private static func addRequests(_ router: inout AdminRouter, _ board: ManagerBoard) {
        router.on(VMRequestCommand.self) { command, _ throws(AdminFailure) in
            try status(of: command.id, board)
        }
        router.on(VMRegisterCommand.self) { command, peer throws(AdminFailure) in
            try ask(.register(try registration(command, board.view)), command.by, peer, board)
        }
        router.on(VMSetCommand.self) { command, peer throws(AdminFailure) in
            var settings = MachineSettings(name: command.vm)
            settings.priority = try priority(command.haRestartPriority)
            (settings.order, settings.startDelaySeconds) = (command.order, command.startDelaySeconds)
            settings.memoryMiB = command.memoryMiB
            return try ask(.set(settings), command.by, peer, board)
        }
        router.on(VMStartCommand.self) { command, peer throws(AdminFailure) in
            var host: Int?
            if let name = command.host { host = try row(name, board.view) }
            return try ask(.start(name: command.vm, host: host), command.by, peer, board)
        }
        router.on(VMStopCommand.self) { command, peer throws(AdminFailure) in
            try ask(.stop(name: command.vm, isForced: command.force ?? false), command.by, peer, board)
        }
        router.on(VMRemoveCommand.self) { command, peer throws(AdminFailure) in
            try ask(.remove(name: command.vm), command.by, peer, board)
        }
    }

    // MARK: Requests

    private static func ask(
        _ kind: ManagerRequest.Kind,
        _ by: String?,
        _ peer: AdminPeer,
        _ board: ManagerBoard
    ) throws(AdminFailure) -> RequestStatus {
        guard board.view.core != nil else {
            let reason = board.view.troubles["record-opening"] ?? "they are being opened"
            throw AdminFailure(.notReady, "the pool's record areas cannot be used yet: \(reason)")
        }
        let id = board.ask(kind, by: by ?? "user \(peer.userID)")
        let clock = BootClock()
        let deadline = clock.now() + patience
        while clock.now() < deadline {
            if case .answered = board.progress(of: id) { break }
            clock.sleep(until: clock.now() + .milliseconds(20))
        }
        return try status(of: id, board)
    }

    private static func status(of id: String, _ board: ManagerBoard) throws(AdminFailure) -> RequestStatus {
        switch board.progress(of: id) {
        case .answered(let answer):
            guard answer.isAccepted else { throw AdminFailure(.refusedByMaster, answer.text) }
            return RequestStatus(id: id, state: .accepted, message: answer.text)
        case .waiting:
            return RequestStatus(id: id, state: .pending, message: Story(board.view).whatRequestsWaitFor())
        case .unknown:
            throw AdminFailure(
                .unknownRequest,
                "there is no request '\(id)' on this host; ask on the host that took it"
            )
        }
    }

    private static func registration(
        _ command: VMRegisterCommand,
        _ view: ManagerView
    ) throws(AdminFailure) -> Registration {
        let definition: String
        switch (command.command, command.definition) {
        case (let words?, nil):
            guard let data = try? JSONEncoder().encode(["command": words]) else {
                throw AdminFailure(.failed, "the command could not be encoded; this is a bug")
            }
            definition = String(decoding: data, as: UTF8.self)
        case (nil, let text?): definition = text
        case (nil, nil), (_?, _?):
            throw AdminFailure(.malformedRequest, "vm-register needs either 'command' or 'definition'")
        }
        var wish = Registration(name: command.vm, memoryMiB: command.memoryMiB, definition: definition)
        if let priority = try priority(command.haRestartPriority) { wish.priority = priority }
        wish.order = command.order ?? 0
        wish.startDelaySeconds = command.startDelaySeconds ?? 0
        wish.isStarted = command.start ?? true
        if let name = command.host { wish.host = try row(name, view) }
        return wish
    }

    private static func priority(_ word: String?) throws(AdminFailure) -> RestartPriority? {
        guard let word else { return nil }
        if let priority = RestartPriority(rawValue: word) { return priority }
        throw AdminFailure(
            .malformedRequest,
            "ha-restart-priority = \"\(word)\" is none of \"restart\", \"best-effort\" and \"\" (none)"
        )
    }

    private static func row(_ name: String, _ view: ManagerView) throws(AdminFailure) -> Int {
        if let row = view.hosts.firstIndex(of: name) { return row }
        let table = view.hosts.joined(separator: ", ")
        throw AdminFailure(.unknownHost, "there is no host '\(name)' in the pool's host table (\(table))")
    }

    private static func unknown(_ name: String) -> AdminFailure {
        AdminFailure(
            .unknownMachine,
            "there is no machine '\(name)' in the pool; 'holdfast vm list' shows all"
        )
    }
}
