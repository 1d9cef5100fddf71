public import LivesetEngine

/// What keeps a host from joining, told to the operator with the next step; used by log and status alike.
public enum JoinSentence {
    /// The sentence of [JOIN-2], word for word.
    public static let noStatefile =
        "The host could not join the liveset because the HA daemon could not access the heartbeat disk."

    /// The sentence for `obstacle`, which is about the hosts `names` (`none` when about nobody).
    public static func of(_ obstacle: JoinObstacle, names: String) -> String {
        switch obstacle {
        case .noStatefile:
            noStatefile
        case .quarantine:
            "The host waits before it joins: writes of its former life may still land on the statefile"
                + " [VIEW-3]."
        case .notHeard:
            "The host could not join the liveset because it does not hear, or is not heard by: \(names);"
                + " check the"
                + " heartbeat networks, the peers' addresses and the pool key on both sides."
        case .waitingForHosts:
            "The host waits for the pool to be enabled, for which every configured host must have joined;"
                + " missing:"
                + " \(names)."
        case .notCertified:
            "The host cannot form the liveset: these members of the last view are not certified dead:"
                + " \(names);"
                + " start them, or confirm that they are off with 'holdfast host confirm-dead NAME'."
        case .heldOut:
            "The host stays out by itself, with fencing disarmed, because it flapped or fenced itself in a"
                + " row;"
                + " find the cause, then run 'holdfast host clear-hold-out'."
        case .poolDisabled:
            "The pool is disabled; run 'holdfast pool ha-enable' when every host is back."
        case .watchdog:
            "The host could not join the liveset because its watchdog could not be opened; it runs no"
                + " protected"
                + " machine until it is armed."
        }
    }
}
