import PoolModel

/// What the oracles know of the evidence that one run of a host has in hand.
struct HostEvidence: BitwiseCopyable, Sendable {
    /// The run's nonce, as its heartbeats show it.
    var nonce = RunNonce.none
    /// When each of the newest heartbeats went out, by sequence; never earlier than it was composed.
    private var sent = InlineArray<256, MonotonicInstant>(repeating: .distantPast)
    /// Issue time of the newest own heartbeat that came back as a grant or an all-lost echo.
    var newestPromise = MonotonicInstant.distantPast
    /// The vouches of the newest slot that is on the disk for certain.
    var vouches = PerHost<IncarnationNumber>(repeating: .none)
    /// It acted as master when it was stopped: what it does when it goes on, it has decided already.
    var actsInHand = false

    mutating func note(_ heartbeat: borrowing Heartbeat, at now: MonotonicInstant) {
        nonce = heartbeat.incarnation.nonce
        sent[Int(heartbeat.sequence % 256)] = now
    }

    mutating func take(_ echo: Echo) {
        guard echo.kind == .grant || echo.kind == .allLost, echo.nonce == nonce else { return }
        newestPromise = max(newestPromise, sent[Int(echo.sequence % 256)])
    }
}
