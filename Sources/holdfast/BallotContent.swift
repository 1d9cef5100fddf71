import AdminProtocol
import ByteFormat
import PoolModel
import StatefileLayout

/// What one ballot sub-block says.
struct BallotContent: Encodable {
    let host: String
    let subBlock: Int
    /// `valid`, or why it cannot be used; `blank` is an unused sub-block.
    let verdict: String
    var sequence: UInt64?
    var instance: UInt64?
    var mbal: String?
    var bal: String?
    var proposal: ViewContent?
    var decided: ViewContent?

    static func read(
        _ host: HostIndex,
        _ subBlock: Int,
        _ header: StatefileHeader,
        _ area: borrowing AlignedBuffer,
        _ authenticator: inout some MessageAuthenticator & ~Copyable
    ) -> BallotContent {
        let geometry = header.geometry
        let range = geometry.ballot(of: host, subBlock: subBlock)
        let start = range.lowerBound - geometry.ballotArea.lowerBound
        var record = BallotRecord(formattedFor: host)
        let rejection = area.withBytes(in: start..<start + range.count) {
            header.codec.decodeBallot(
                $0,
                of: host,
                subBlock: subBlock,
                into: &record,
                authenticator: &authenticator
            )
        }
        let name = header.hostNames[host.row]
        if let rejection {
            return BallotContent(host: name, subBlock: subBlock, verdict: RejectionWords.of(rejection))
        }
        var content = BallotContent(host: name, subBlock: subBlock, verdict: "valid")
        content.sequence = record.sequence
        content.instance = record.instance.rawValue
        content.mbal = "\(record.mbal)"
        content.bal = "\(record.bal)"
        content.proposal = record.bal == .none ? nil : ViewContent(record.proposal, names: header.hostNames)
        content.decided = ViewContent(record.decided, names: header.hostNames)
        return content
    }
}

/// A view with names.
struct ViewContent: Encodable, Equatable {
    /// A host that the view speaks of.
    struct Entry: Encodable, Equatable {
        let host: String
        let incarnation: UInt32
        let reason: RemovalWord?
        let removedIn: UInt64?
    }
    let epoch: UInt64
    let state: PoolStateWord
    let master: String?
    let members: [Entry]
    let removed: [Entry]

    init(_ view: View, names: [String]) {
        func entries(_ hosts: HostSet) -> [Entry] {
            hosts.filter { $0.row < names.count }.map { host in
                let entry = view.entries[host]
                let isRemoved = entry.standing == .removed
                return Entry(
                    host: names[host.row],
                    incarnation: entry.number.rawValue,
                    reason: isRemoved ? entry.reason.map { RemovalWord($0) } : nil,
                    removedIn: isRemoved ? entry.removedIn.rawValue : nil
                )
            }
        }
        epoch = view.epoch.rawValue
        state = PoolStateWord(view.state)
        master = view.master.flatMap { $0.row < names.count ? names[$0.row] : nil }
        members = entries(view.members)
        removed = entries(view.removed)
    }
}
