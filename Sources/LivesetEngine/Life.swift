import PoolModel

/// Where this daemon run is on its way from start to end.
enum Life: UInt8, BitwiseCopyable, Equatable {
    /// Reading the statefile for the first time; no number yet.
    case surveying
    /// A new number is being written to the own file ([INC-1]).
    case numbering
    /// Asks to be let in ([JOIN-1]), or stays out by itself.
    case joining
    /// Let in: *held* is being written to the own file.
    case holding
    /// Let in and held: the watchdog is being opened.
    case arming
    /// The opening failed or the admission was taken back: *spent* is being written, a new number follows.
    case renouncing
    /// A restarted daemon of a member: keeps its number, has no view and no lease yet ([LEASE-2]).
    case resuming
    /// Has adopted a view.
    case member
    /// A view without this host was decided at its own wish: *spent*, then the tombstone, then disarm
    /// ([LEAVE-1]).
    case departing
    /// Left, disarmed, done.
    case gone
    /// The pool is disabled and this host disarmed ([LEAVE-2]).
    case disabled
    /// Disarmed by the operator's emergency disable ([LEAVE-2]).
    case unguarded
    /// Stops itself.
    case fencing
}

extension Life {
    /// Has adopted, or may have in an earlier run of this boot: [VIEW-5] binds it.
    var isBound: Bool { self == .member || self == .resuming }
}
