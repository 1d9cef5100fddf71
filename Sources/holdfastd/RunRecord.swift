/// How the daemon's runs in this boot ended, so that a daemon that crashes again and again is not
/// restarted for ever.
struct RunRecord: Equatable, Sendable {
    /// The boot that it is about.
    private(set) var boot: String
    /// Runs in a row that ended without saying goodbye, with no stable minute between.
    private(set) var crashesInRow: Int
    /// The present run, or the last one, has not said goodbye.
    private(set) var isRunning: Bool

    /// What its file says it is.
    static let kind = "holdfast-runs 1"

    /// A run begins in `boot`; `former` is what the last one left.
    init(startingIn boot: String, after former: RunRecord?) {
        self.boot = boot
        isRunning = true
        guard let former, former.boot == boot else {
            crashesInRow = 0
            return
        }
        crashesInRow = former.isRunning ? former.crashesInRow + 1 : former.crashesInRow
    }

    /// The record in a file; nil when it has no meaning.
    init?(pairs: [String: String]) {
        guard let boot = pairs["boot"], let crashes = pairs["crashes"].flatMap({ Int($0) }), crashes >= 0,
            let state = pairs["state"], state == "running" || state == "ended"
        else { return nil }
        self.boot = boot
        crashesInRow = crashes
        isRunning = state == "running"
    }

    /// As it lies in its file.
    var pairs: [(key: String, value: String)] {
        [("boot", boot), ("crashes", "\(crashesInRow)"), ("state", isRunning ? "running" : "ended")]
    }

    /// This host was a member for a minute without a break.
    mutating func noteStableMinute() { crashesInRow = 0 }

    /// The run ends as it should: stopped, or handed over to a newer one.
    mutating func noteEnd() { isRunning = false }

    /// Whether the daemon crashed so often in a row that this host is not to be guarded by it; 0 for
    /// no limit.
    func isCrashLoop(limit: Int) -> Bool { limit > 0 && crashesInRow >= limit }
}
