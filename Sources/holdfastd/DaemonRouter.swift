import AdminProtocol
import JournalLog
import LinuxPlatform
import LivesetEngine
import NodeRuntime
import PoolModel

/// The answers of the daemon's control socket.
enum DaemonRouter {
    /// A router over the board; `clearReturns` forgets the host's past for `clear-hold-out`.
    static func make(
        requests: OperatorRequests,
        clearReturns: @escaping @Sendable () -> Void
    ) -> AdminRouter {
        var router = AdminRouter()
        addReports(&router, requests.board, requests.log)
        addFlight(&router, requests)
        addManager(&router, requests)
        addHostRequests(&router, requests)
        addOwnRequests(&router, requests, clearReturns)
        addPoolRequests(&router, requests)
        return router
    }

    private static func addReports(_ router: inout AdminRouter, _ board: DaemonBoard, _ log: DaemonLog) {
        router.on(StatusCommand.self) { _, _ throws(AdminFailure) in StatusReport(board.facts()) }
        router.on(EventsCommand.self) { command, _ throws(AdminFailure) in
            log.history.report(since: command.since, limit: command.limit)
        }
    }

    private static func addFlight(_ router: inout AdminRouter, _ requests: OperatorRequests) {
        router.on(FlightSaveCommand.self) { _, peer throws(AdminFailure) in
            guard let flight = try requests.parts().flight else {
                throw AdminFailure(
                    .wrongPhase,
                    "this host records nothing: flight-recorder.memory = \"off\" in its configuration"
                )
            }
            let saved = try flight.keeper.save()
            requests.log.note(
                .flightRecording,
                .info,
                "user \(peer.userID) had the flight recording saved: \(saved.path)"
            )
            return saved
        }
    }

    private static func addManager(_ router: inout AdminRouter, _ requests: OperatorRequests) {
        let board = requests.board
        router.on(LivesetCommand.self) { _, _ throws(AdminFailure) in
            let parts = try requests.parts()
            let isFencing = parts.fence.isGuestStopOrdered || parts.fence.fenceReason != nil
            guard let report = LivesetReport(board.facts(), isFencing: isFencing) else {
                throw AdminFailure(.notReady, "the engine has not published its first status yet; ask again")
            }
            return report
        }
        router.on(GuestsCommand.self) { command, _ throws(AdminFailure) in
            let mayRun = board.withGuests { guests in
                guests.managerReported(running: command.running)
                return guests.mayRun
            }
            if let parts = board.parts, !parts.door.post(.guestsObserved(running: mayRun)) {
                throw AdminFailure(.timedOut, "the engine's inbox is full; report again")
            }
            return Accepted(message: mayRun ? "guests run here" : "no guest runs here")
        }
        router.on(PermitStartCommand.self) { command, _ throws(AdminFailure) in
            try permit(command, requests)
        }
    }

    /// The permit is in the ledger before it is decided, so that a fence that begins in between finds it
    /// there.
    private static func permit(
        _ command: PermitStartCommand,
        _ requests: OperatorRequests
    ) throws(AdminFailure) -> StartPermit {
        let parts = try requests.parts()
        let status = parts.engine.status.read()
        let before = requests.board.withGuests { guests in
            let before = guests
            guests.permitted(until: status?.leaseUntil ?? .distantPast)
            return before
        }
        do throws(AdminFailure) {
            let isFencing = parts.fence.isGuestStopOrdered || parts.fence.fenceReason != nil
            let now = BootClock().now()
            let permit = try PermitRule.decide(command, status: status, isFencing: isFencing, now: now)
            guard parts.door.post(.guestsObserved(running: true)) else {
                throw AdminFailure(.timedOut, "the engine's inbox is full; ask again")
            }
            return permit
        } catch {
            requests.board.withGuests { $0.refused(since: before) }
            throw error
        }
    }

    private static func addHostRequests(_ router: inout AdminRouter, _ requests: OperatorRequests) {
        router.on(FenceCommand.self) { command, peer throws(AdminFailure) in
            let host = try requests.host(command.host, try requests.parts())
            return try requests.ask(
                .fence(host),
                "fence \(command.host)",
                by: command.by,
                peer: peer,
                message:
                    "the pool removes \(command.host); it stops itself, or is certified dead by its lease"
            )
        }
        router.on(ConfirmOffCommand.self) { command, peer throws(AdminFailure) in
            let host = try requests.host(command.host, try requests.parts())
            return try requests.ask(
                .confirmOff(host),
                "confirm that \(command.host) is off",
                by: command.by,
                peer: peer,
                message: "\(command.host) counts as dead now [DEAD-4]; its machines are restarted"
            )
        }
        router.on(ConfirmDeadCommand.self) { command, peer throws(AdminFailure) in
            try requests.mustConfirm(true, by: command.by, "")
            let host = try requests.host(command.host, try requests.parts())
            return try requests.ask(
                .confirmDead(host),
                "confirm that \(command.host) is dead",
                by: command.by,
                peer: peer,
                message:
                    "\(command.host) counts as dead on the word of \(command.by) [DEAD-5]; its machines are"
                    + " restarted"
            )
        }
        router.on(MoveMasterCommand.self) { command, peer throws(AdminFailure) in
            let host = try requests.host(command.host, try requests.parts())
            return try requests.ask(
                .moveMaster(host),
                "make \(command.host) master",
                by: command.by,
                peer: peer,
                message: "\(command.host) becomes master with the next view"
            )
        }
    }

    private static func addOwnRequests(
        _ router: inout AdminRouter,
        _ requests: OperatorRequests,
        _ clearReturns: @escaping @Sendable () -> Void
    ) {
        router.on(LeaveCommand.self) { command, peer throws(AdminFailure) in
            try requests.ask(
                .leave,
                "leave the liveset",
                by: command.by,
                peer: peer,
                message: "this host leaves with the next view and disarms; 'status' shows when it has left"
            )
        }
        router.on(StayCommand.self) { command, peer throws(AdminFailure) in
            try requests.ask(
                .stay,
                "stay in the liveset",
                by: command.by,
                peer: peer,
                message: "this host stays"
            )
        }
        router.on(EmergencyDisableCommand.self) { command, peer throws(AdminFailure) in
            try requests.mustConfirm(
                command.isConfirmed,
                by: command.by,
                "this host would run without a watchdog, and nobody restarts its machines until it is"
                    + " confirmed dead"
            )
            return try requests.ask(
                .emergencyDisable,
                "emergency disable of this host",
                by: command.by,
                peer: peer,
                message:
                    "this host publishes that it is unguarded, then disarms; its machines run on unprotected"
            )
        }
        router.on(ClearHoldOutCommand.self) { command, peer throws(AdminFailure) in
            clearReturns()
            return try requests.ask(
                .clearHoldOut,
                "clear the hold-out",
                by: command.by,
                peer: peer,
                message: "the counters are cleared; this host joins as soon as it can"
            )
        }
        router.on(ForceFormCommand.self) { command, peer throws(AdminFailure) in
            try requests.mustConfirm(
                command.isConfirmed,
                by: command.by,
                "you answer for it that no other member of the last view runs anything: a member that does"
                    + " would run"
                    + " machines that are started here as well"
            )
            return try requests.ask(
                .forceForm,
                "form the liveset by force",
                by: command.by,
                peer: peer,
                message: "this host forms the liveset on the word of \(command.by)"
            )
        }
    }

    private static func addPoolRequests(_ router: inout AdminRouter, _ requests: OperatorRequests) {
        router.on(DisableCommand.self) { command, peer throws(AdminFailure) in
            try requests.ask(
                .disable,
                "disable the pool",
                by: command.by,
                peer: peer,
                message: "the pool is disabled with the next view; each host disarms when it adopts it"
            )
        }
        router.on(EnableCommand.self) { command, peer throws(AdminFailure) in
            try requests.ask(
                .enable,
                "enable the pool",
                by: command.by,
                peer: peer,
                message:
                    "the pool is enabled once every configured host has joined; 'status' shows who is missing"
            )
        }
    }
}
