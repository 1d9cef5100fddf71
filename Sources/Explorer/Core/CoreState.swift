/// One content of the voucher's slot, as far as it matters.
struct VoucherContent: BitwiseCopyable, Equatable {
    /// The order of writing among the contents of one state; `CoreState.none` for no content.
    var rank = CoreState.none
    /// It shows the epoch that leaves the victim out.
    var showsRemoval: UInt8 = 0
    /// It shows the vouch.
    var vouches: UInt8 = 0
    /// The age that it states of the newest promise; 0 while it shows the old epoch.
    var age: UInt8 = 0

    var exists: Bool { rank != CoreState.none }
    static let nothing = VoucherContent()
}

/// The state of the core: victim, voucher, certifier, the disk between them and what is in flight.
///
/// All times are relative: ages, or ticks that are left. Contents of slots are known by identity only; the
/// numbers that stand for them are given anew in each state, so that equal situations are equal states.
struct CoreState: BitwiseCopyable {
    /// No content, nothing in flight.
    static let none: UInt8 = 7

    // The victim
    /// Ticks until the lease ends; 0: it is over for good.
    var lease: UInt8 = 0
    /// Ticks until the watchdog resets it; at least 1, for a dead victim ends the search of its branch.
    var dog: UInt8 = 0
    /// 0, or 1 + the age of a check that passed and whose feed is still to come.
    var check: UInt8 = 0
    /// The fence loop has latched: it never feeds again.
    var isLatched: UInt8 = 0
    /// 0, or 1 + the age of the write that the round under way issued.
    var round: UInt8 = 0
    /// That write is on the disk.
    var roundHasLanded: UInt8 = 0

    // The victim's slot: which content
    var disk: UInt8 = 0
    var seen: UInt8 = 0
    var sample = CoreState.none
    var write = CoreState.none
    var late = CoreState.none
    var twin = CoreState.none

    // The voucher
    /// Age of the newest heartbeat of the victim that it received, by when that was sent; G for none.
    var heard: UInt8 = 0
    /// It granted that heartbeat.
    var hasGranted: UInt8 = 0
    /// Age of its newest good round; Ts: its storage is lost.
    var good: UInt8 = 0
    /// The newest slot that is on the disk for certain vouches.
    var isVouchOnDisk: UInt8 = 0
    /// It has adopted the removal.
    var voucherAdopted: UInt8 = 0
    /// Age of its newest promise, or of its start.
    var promise: UInt8 = 0
    /// Writes of its former life may still land.
    var inQuarantine: UInt8 = 0
    /// 0, or 1 + the age of the write that its round under way issued.
    var voucherRound: UInt8 = 0
    /// That write is on the disk.
    var voucherRoundHasLanded: UInt8 = 0
    /// H12 only: 0, or 1 + the age of a check whose grant is still to be filled in.
    var pendingGrant: UInt8 = 0

    // The voucher's slot
    var voucherDisk = VoucherContent()
    var voucherSample = VoucherContent()
    var voucherWrite = VoucherContent()
    var voucherLate = VoucherContent()
    /// The content that the certifier saw last; its age is of no matter.
    var voucherSeen = VoucherContent()
    /// The newest content of the new epoch that the certifier saw.
    var voucherNewest = VoucherContent()

    // Between the voucher or certifier and the victim
    /// 0, or 1 + the age of the newest grant in flight, by the sending of what it echoes.
    var grant: UInt8 = 0

    // The certifier
    /// Age of its first sight of the victim's slot as it now stands.
    var seenAge: UInt8 = 0
    /// Age of its first sight of the voucher's slot as it now stands.
    var voucherSeenAge: UInt8 = 0
    /// 0, or 1 + the age of the voucher's term of E.
    var departure: UInt8 = 0
    /// Age of its own newest promise.
    var ownPromise: UInt8 = 0
    /// 0, or 1 + how long ago it adopted the removal.
    var removal: UInt8 = 0
    /// 0, or 1 + the age of the read under way.
    var read: UInt8 = 0
    /// Age of its newest completed read, and of the end of its last gap.
    var lastRead: UInt8 = 0
    var gapEnd: UInt8 = 0
}

/// Walks the fields of a state, with the bits that each needs.
protocol CoreFieldVisitor {
    mutating func field(_ value: inout UInt8, bits: UInt64)
}

extension CoreState {
    /// Every field once, in a fixed order.
    mutating func visit(_ visitor: inout some CoreFieldVisitor) {
        visitVictim(&visitor)
        visitVoucher(&visitor)
        visitor.field(&grant, bits: 3)
        visitor.field(&seenAge, bits: 4)
        visitor.field(&voucherSeenAge, bits: 4)
        visitor.field(&departure, bits: 5)
        visitor.field(&ownPromise, bits: 4)
        visitor.field(&removal, bits: 5)
        visitor.field(&read, bits: 3)
        visitor.field(&lastRead, bits: 4)
        visitor.field(&gapEnd, bits: 4)
    }

    private mutating func visitVictim(_ visitor: inout some CoreFieldVisitor) {
        visitor.field(&lease, bits: 3)
        visitor.field(&dog, bits: 3)
        visitor.field(&check, bits: 3)
        visitor.field(&isLatched, bits: 1)
        visitor.field(&round, bits: 3)
        visitor.field(&roundHasLanded, bits: 1)
        visitor.field(&disk, bits: 3)
        visitor.field(&seen, bits: 3)
        visitor.field(&sample, bits: 3)
        visitor.field(&write, bits: 3)
        visitor.field(&late, bits: 3)
        visitor.field(&twin, bits: 3)
    }

    private mutating func visitVoucher(_ visitor: inout some CoreFieldVisitor) {
        visitor.field(&heard, bits: 3)
        visitor.field(&hasGranted, bits: 1)
        visitor.field(&good, bits: 3)
        visitor.field(&isVouchOnDisk, bits: 1)
        visitor.field(&voucherAdopted, bits: 1)
        visitor.field(&promise, bits: 4)
        visitor.field(&inQuarantine, bits: 1)
        visitor.field(&voucherRound, bits: 3)
        visitor.field(&voucherRoundHasLanded, bits: 1)
        visitor.field(&pendingGrant, bits: 3)
        CoreState.visit(&voucherDisk, &visitor)
        CoreState.visit(&voucherSample, &visitor)
        CoreState.visit(&voucherWrite, &visitor)
        CoreState.visit(&voucherLate, &visitor)
        CoreState.visit(&voucherNewest, &visitor)
        CoreState.visit(&voucherSeen, &visitor)
    }

    private static func visit(
        _ content: inout VoucherContent,
        _ visitor: inout some CoreFieldVisitor
    ) {
        visitor.field(&content.rank, bits: 3)
        visitor.field(&content.showsRemoval, bits: 1)
        visitor.field(&content.vouches, bits: 1)
        visitor.field(&content.age, bits: 4)
    }
}
