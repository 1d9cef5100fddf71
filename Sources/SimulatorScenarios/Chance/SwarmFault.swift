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
    /// Single I/O of a host goes wrong: a torn write, an error, a lost session.
    case storageMishap
    /// The array is slow, or fails now and then, for a while.
    case poorArray
    /// A host's network is gone for a while.
    case network
    /// One direction of one link is gone for a while.
    case link
    /// The whole network is gone for a while.
    case wholeNetwork
    /// One of several networks is gone for a host or for all.
    case oneNetwork
    /// Datagrams wait on their way and arrive all at once.
    case clog
    /// Damaged, forged and replayed datagrams.
    case datagrams
    /// The network loses, delays and doubles much for a while.
    case poorNetwork
    /// Sysrq breaks on one host.
    case sysrq
    /// A fault strikes between two acts of a host.
    case interruption
    /// An operator asks for something that is safe to ask.
    case operatorRequest
    /// Several hosts propose and stand still at their ballots, so that they meet in one instance.
    case duel
    /// A slot or an old ballot record is spoilt on the disk.
    case spoiltBlock
    /// A watchdog cannot be opened, fed or stopped, or resets late.
    case watchdog
    /// An own file cannot be written or read.
    case ownFile
    /// A clock changes its rate.
    case clock
    /// A stop of guests cannot be proved for a while.
    case guestStops
    /// A host is given the other of the two keys that are valid.
    case keys
    /// The emergency disable of a host, and its reboot later.
    case unguarded
    /// The pool is disabled, and enabled again.
    case disable
    /// All power is lost, and the first host that comes back is told to form by force.
    case forcedForming
}
