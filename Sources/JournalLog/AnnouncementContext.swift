public import LivesetEngine
public import PoolModel

/// What the sentences need besides the announcement itself: names, the present instant, the times and the
/// figures.
public struct AnnouncementContext: Sendable {
    /// Host names by row.
    public var hosts: [String]
    /// This host's row.
    public var own: HostIndex
    /// When the announcement is put into words; not earlier than it was made.
    public var now: MonotonicInstant
    /// The times in force.
    public var timing: Timing
    /// The newest published status, for the figures behind the announcement.
    public var status: EngineStatus?
    /// The members of the view that was announced last; nil before the first.
    public var members: HostSet?

    /// The context with these fields.
    public init(
        hosts: [String],
        own: HostIndex,
        now: MonotonicInstant,
        timing: Timing,
        status: EngineStatus? = nil,
        members: HostSet? = nil
    ) {
        self.members = members
        self.hosts = hosts
        self.own = own
        self.now = now
        self.timing = timing
        self.status = status
    }

    /// A host's name, its row where it has none.
    public func name(_ host: HostIndex) -> String {
        host.row < hosts.count ? hosts[host.row] : host.description
    }

    /// The names of a set: `lab1, lab2`, or `none`.
    public func names(_ set: HostSet) -> String {
        set.isEmpty ? "none" : set.map { name($0) }.joined(separator: ", ")
    }

    /// How long ago: `5.2 s ago`, or `never`.
    func ago(_ instant: MonotonicInstant?) -> String {
        guard let instant, instant > .distantPast + .seconds(1) else { return "never" }
        return "\(now - instant) ago"
    }

    /// When the lease ended, or would have: `lease ended 0.1 s ago`.
    func leaseEnd(_ end: MonotonicInstant) -> String {
        guard end > .distantPast + .seconds(1) else { return "no lease" }
        return end > now ? "lease good for another \(end - now)" : "lease ended \(now - end) ago"
    }

    /// What is left of the lease, nil without one.
    var leaseLeft: TimeSpan? {
        guard let until = status?.leaseUntil, until > .distantPast + .seconds(1) else { return nil }
        return until - now
    }

    /// What was seen of a peer last: `last heartbeat 5.2 s ago, slot last changed 5.1 s ago`.
    func sight(of host: HostIndex) -> String {
        guard let peer = status?.peers[host] else { return "nothing is known of it" }
        return "last heartbeat \(ago(peer.lastHeartbeat)), slot last changed \(ago(peer.lastSlotChange))"
    }

    /// The fields that every record has.
    func fields(_ more: [String: String] = [:]) -> [String: String] {
        var fields = ["HOST": name(own)]
        if let status {
            fields["EPOCH"] = "\(status.view.epoch)"
            fields["LIVESET"] = names(status.liveset)
        }
        if let left = leaseLeft { fields["LEASE_MS"] = "\(left.inMilliseconds)" }
        return fields.merging(more) { _, new in new }
    }
}
