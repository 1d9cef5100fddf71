import AdminProtocol
import LivesetEngine
import PoolModel

/// Whether a guest may be started here now, on a master's order ([ACT-1]).
///
/// Pure: decided from the newest published status. That status may be some 200 ms old, which is safe: a lease
/// is never taken back (docs/decisions/0005-leases-are-not-taken-back.md), and an epoch that has moved on
/// since makes the answer no staler than an order that was checked just before it.
enum PermitRule {
    /// The permit, or why there is none.
    static func decide(
        _ command: PermitStartCommand,
        status: EngineStatus?,
        isFencing: Bool,
        now: MonotonicInstant
    ) throws(AdminFailure) -> StartPermit {
        guard let status else {
            throw AdminFailure(.notReady, "the daemon has no engine yet: the statefile's header was not read")
        }
        guard !isFencing else { throw refusal("this host is stopping itself") }
        guard status.phase == .member else {
            throw refusal("this host is no member of the liveset (\(PhaseWord(status.phase).rawValue))")
        }
        guard status.view.state == .active else {
            throw refusal("the pool is \(PoolStateWord(status.view.state).rawValue), not active")
        }
        let epoch = status.view.epoch.rawValue
        guard command.epoch == epoch else {
            throw refusal("the order carries epoch \(command.epoch), this host's newest view is \(epoch)")
        }
        guard let master = status.view.master, status.view.entries[master].standing == .member else {
            throw refusal("view \(epoch) has no master")
        }
        let number = status.view.entries[master].number.rawValue
        guard command.masterIncarnation == number else {
            throw refusal(
                "the order carries master incarnation \(command.masterIncarnation), that of view \(epoch) is"
                    + " \(number)"
            )
        }
        guard status.leaseUntil > now else {
            throw refusal("this host's lease ran out \(now - status.leaseUntil) ago")
        }
        return StartPermit(leaseUntilNanoseconds: status.leaseUntil.nanoseconds)
    }

    private static func refusal(_ sentence: String) -> AdminFailure {
        AdminFailure(.notPermitted, "no guest may be started: \(sentence)")
    }
}
