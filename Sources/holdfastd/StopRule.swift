import LivesetEngine
import PoolModel

/// What the daemon does next about a request to stop (SIGTERM, SIGINT).
enum StopStep: Equatable, Sendable {
    /// Nothing here needs the daemon: exit.
    case exit
    /// Ask the engine to leave the liveset, then look again.
    case askToLeave
    /// Leaving is under way: look again.
    case wait
    /// Guests run here: the daemon goes on guarding them, and says so.
    case refuse
}

/// Whether the daemon may stop ([LEAVE-1]): never with guests, never with an armed watchdog.
///
/// Pure; asked again with each new status until it says `exit`.
enum StopRule {
    /// `isArmed` is the fence loop's own word that the watchdog is open.
    static func step(status: EngineStatus?, isArmed: Bool, hasGuests: Bool, hasAskedToLeave: Bool) -> StopStep
    {
        guard let status else { return isArmed ? .wait : .exit }
        switch status.phase {
        case .member, .leaving:
            // A disabled view disarms; a member of it goes on telling it until then.
            if hasGuests && !(status.view.state == .disabled) { return .refuse }
            return hasAskedToLeave ? .wait : .askToLeave
        case .empty, .joining, .left, .fenced, .unguarded, .heldOut, .disabled:
            return isArmed ? .wait : .exit
        }
    }
}
