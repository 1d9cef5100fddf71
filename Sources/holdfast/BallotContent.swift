import AdminProtocol
import PoolModel
import StatefileMedium

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

    init(_ entry: StatefileDump.BallotEntry, names: [String]) {
        host = entry.name
        subBlock = entry.subBlock
        verdict = RejectionWords.of(entry.rejection)
        guard let record = entry.record else { return }
        sequence = record.sequence
        instance = record.instance.rawValue
        mbal = "\(record.mbal)"
        bal = "\(record.bal)"
        proposal = record.bal == .none ? nil : ViewContent(record.proposal, names: names)
        decided = ViewContent(record.decided, names: names)
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
