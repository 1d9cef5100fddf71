import AdminProtocol
import JournalLog
import LivesetEngine
import NodeRuntime
import PoolModel
import StatefileLayout

/// Carries operators' requests to the engine and says what becomes of them.
struct OperatorRequests: Sendable {
    let board: DaemonBoard
    let log: DaemonLog

    /// The running parts, or a refusal that says why there are none.
    func parts() throws(AdminFailure) -> RunningParts {
        if let parts = board.parts { return parts }
        let why = board.facts().statefileTrouble.map { " (\($0))" } ?? ""
        throw AdminFailure(.notReady, "\(JoinSentence.noStatefile)\(why)")
    }

    /// The row of a host by its name.
    func host(_ name: String, _ parts: RunningParts) throws(AdminFailure) -> HostIndex {
        if let host = parts.header.host(named: name) { return host }
        let known = parts.header.hostNames.joined(separator: ", ")
        throw AdminFailure(
            .unknownHost,
            "there is no host '\(name)' in the pool's host table, which has: \(known)"
        )
    }

    /// Asks the engine, logs who asked and what was answered, and gives `message` back when it was taken.
    func ask(
        _ request: OperatorRequest,
        _ what: String,
        by: String?,
        peer: AdminPeer,
        message: String
    ) throws(AdminFailure) -> Accepted {
        let parts = try parts()
        let who = by.map { "'\($0)' (user \(peer.userID))" } ?? "user \(peer.userID)"
        guard let answer = parts.door.ask(request) else {
            log.note(.operatorRequest, .error, "\(who) asks: \(what): the engine gave no answer")
            throw AdminFailure(
                .timedOut,
                "the engine gave no answer within \(EngineDoor.patience); look at 'status' before asking"
                    + " again"
            )
        }
        let level: EventLevel = answer == .accepted ? .notice : .info
        log.note(.operatorRequest, level, "\(who) asks: \(what): \(answer)", ["REQUEST": what])
        switch answer {
        case .accepted: return Accepted(message: message)
        case .guestsRun:
            throw AdminFailure(
                .guestsRun,
                "refused: guests run on this host; move or stop them first, then ask again"
            )
        case .wrongPhase:
            let phase = parts.engine.status.read().map { PhaseWord($0.phase).rawValue } ?? "starting"
            throw AdminFailure(.wrongPhase, "refused: this host is \(phase), which does not allow: \(what)")
        case .wrongHost:
            throw AdminFailure(.wrongHost, "refused: the host is not in a state that allows: \(what)")
        }
    }

    /// Refuses what was not confirmed, or not signed.
    func mustConfirm(_ isConfirmed: Bool, by: String, _ consequence: String) throws(AdminFailure) {
        guard isConfirmed else { throw AdminFailure(.notConfirmed, "not confirmed: \(consequence)") }
        guard !by.isEmpty else {
            throw AdminFailure(
                .notConfirmed,
                "the operator's name is needed: it goes on record with the time"
            )
        }
    }
}
