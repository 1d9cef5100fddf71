/// The kinds of faults that a swarm chooses from.
public enum SwarmFault: UInt8, CaseIterable, Sendable {
    /// Power off, and on again later.
    case power
    /// A reset.
    case reboot
    /// A daemon crash, or several in a row.
    case daemonCrash
    /// All threads stand still.
    case freeze
    /// One thread stands still.
    case threadFreeze
    /// A host's storage hangs or fails for a while.
    case storage
    /// Everybody's storage hangs for a while.
    case array
    /// A host's network is gone for a while.
    case network
    /// One direction of one link is gone for a while.
    case link
    /// The whole network is gone for a while.
    case wholeNetwork
    /// Sysrq breaks on one host.
    case sysrq
    /// A fault strikes between two acts of a host.
    case interruption
    /// An operator asks for something that is safe to ask.
    case operatorRequest
    /// Several hosts propose and stand still at their ballots, so that they meet in one instance.
    case duel
    /// A slot is spoilt on the disk.
    case spoiltSlot
    /// An own file or a watchdog fails once.
    case device
}
