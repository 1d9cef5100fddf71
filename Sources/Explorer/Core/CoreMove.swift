/// One thing that happens in the core; a path to a violation is a list of these.
enum CoreMove: UInt8, BitwiseCopyable, Sendable, CaseIterable {
    case tick
    // The victim B
    case check
    case feed
    case startsWrite
    case writeLands
    case roundCompletes
    case givesUp
    case lateWriteLands
    case writeLandsAgain
    case grantArrives
    // The voucher Q
    case hears
    case grants
    case checksForGrant
    case fillsGrant
    case voucherStartsWrite
    case voucherWriteLands
    case voucherRoundCompletes
    case voucherGivesUp
    case voucherLateWriteLands
    case voucherAdopts
    case voucherRestarts
    case quarantineEnds
    // The certifier P
    case certifierGrants
    case issuesRead
    case samplesVictim
    case samplesVoucher
    case samplesNewSlot
    case readCompletes
    case certifierAdopts

    /// What happens, in words; `state` is the state after it.
    func words(_ state: CoreState) -> String {
        switch self {
        case .tick: "a tick passes"
        case .check: "B's fence loop looks at the clock: the lease holds, \(state.lease) ticks are left"
        case .feed: "B feeds its watchdog: it resets B in \(state.dog) ticks"
        case .startsWrite: "B issues the write of its slot (content \(state.write))"
        case .writeLands: "B's write lands"
        case .roundCompletes: "B's round completes, good: the lease has \(state.lease) ticks left"
        case .givesUp: "B gives its round up"
        case .lateWriteLands: "a write that B had given up lands (content \(state.disk))"
        case .writeLandsAgain: "the path executes a write of B again (content \(state.disk))"
        case .grantArrives: "the grant arrives: B's lease has \(state.lease) ticks left"
        case .hears: "Q receives B's heartbeat, sent \(state.heard) ticks ago"
        case .grants: "Q composes a grant on B's heartbeat, sent \(state.heard) ticks ago"
        case .checksForGrant: "Q checks that it may grant, and stops"
        case .fillsGrant: "Q goes on and fills the newest sequence in: B sent it \(state.heard) ticks ago"
        case .voucherStartsWrite: "Q issues the write of its slot\(text(state.voucherWrite))"
        case .voucherWriteLands: "Q's write lands"
        case .voucherRoundCompletes: "Q's round completes, good"
        case .voucherGivesUp: "Q gives its round up"
        case .voucherLateWriteLands: "a write that Q had given up lands\(text(state.voucherDisk))"
        case .voucherAdopts: "Q adopts the view without B"
        case .voucherRestarts: "Q's daemon restarts"
        case .quarantineEnds: "Q's quarantine is over"
        case .certifierGrants: "P composes a grant for B"
        case .issuesRead: "P issues a read"
        case .samplesVictim: "P's read takes B's slot"
        case .samplesVoucher: "P's read takes Q's slot"
        case .samplesNewSlot: "P's read takes a slot that Q has just written\(text(state.voucherSample))"
        case .readCompletes: "P's read completes"
        case .certifierAdopts: "P adopts the view without B"
        }
    }

    private func text(_ content: VoucherContent) -> String {
        if content.showsRemoval == 1 { return " (view without B; newest promise \(content.age) ticks old)" }
        return content.vouches == 1 ? " (vouches for B)" : ""
    }
}
