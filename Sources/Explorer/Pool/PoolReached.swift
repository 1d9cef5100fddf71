import LivesetEngine
import PoolModel

/// How often something happened on the ways of a search: what never happens is not checked.
public struct PoolReached: Hashable, Sendable {
    /// A host adopted a view.
    public var adoptions = 0
    /// A certificate by [DEAD-1].
    public var expiries = 0
    /// A certificate by another clause.
    public var otherCertificates = 0
    /// A host fenced itself.
    public var selfFences = 0
    /// A host was reset.
    public var resets = 0
    /// A host began to act as master.
    public var masters = 0
    /// A ballot was lost to a higher one.
    public var lostBallots = 0
    /// A lease came to rest on vouches.
    public var vouchedLeases = 0
    /// A lease came to rest on all-lost echoes.
    public var allLostLeases = 0

    /// Nothing was reached.
    public init() {}

    mutating func note(_ clause: CertificateClause) {
        switch clause {
        case .leaseExpiry: expiries += 1
        case .tombstone, .newBoot, .confirmedOff, .operatorConfirmed, .carriedByView: otherCertificates += 1
        }
    }
}
