/// The deliberate breakage of the protocol that a test build may switch on (docs/MUTANTS.md).
///
/// A site asks `mutation.grantDatedAtReceipt`. Only a build with `-DHOLDFAST_MUTANTS` has anything behind
/// that name; in every other build the answer is the constant no, the type holds nothing, and the compiler
/// drops the site.
@dynamicMemberLookup
public struct Mutation: BitwiseCopyable, Sendable {
    #if HOLDFAST_MUTANTS
        /// What is broken; nil for nothing.
        public var active: Mutant?

        /// Nothing, or one thing, broken.
        public init(_ active: Mutant? = nil) { self.active = active }

        /// Whether the mutant of this name is active.
        public subscript(dynamicMember name: String) -> Bool { active?.rawValue == name }
    #else
        /// Nothing is broken in this build, and nothing can be.
        @inlinable
        public init() {}

        /// No.
        @inlinable
        public subscript(dynamicMember name: String) -> Bool { false }
    #endif
}

#if HOLDFAST_MUTANTS
    /// A small deliberate breakage of one clause, which the proof has to catch.
    public enum Mutant: String, BitwiseCopyable, CaseIterable, Sendable {
        // MARK: Certificates

        /// [TIME-1] D holds W/2 where it needs 2W.
        case deadAfterGraceAndHalfW
        /// [TIME-1] D holds one W where it needs two (hole H1).
        case deadAfterGraceAndW
        /// [DEAD-1] A certificate counts the completion of its read, not the issue.
        case readIssuedTooEarly
        /// [DEAD-1] E has no term for the promises of others: (c) is dropped (hole H2).
        case vouchersIgnored
        /// [DEAD-1] (c) takes the age in a slot that was not written in a view without the victim (hole H2).
        case departureUnseen
        /// [DEAD-1] No slot states the age of its promises to hosts that left.
        case agesUnstated
        /// [DEAD-1] A run does not count its own start as a grant to everyone.
        case ownStartNoGrant
        /// [DEAD-1] E has no term for the certifier's own promises.
        case ownPromiseIgnored
        /// [DEAD-1] E has no term for the certifier's start.
        case certifierStartIgnored
        /// [DEAD-1] E has no term for the certifier's first adoption (hole H3).
        case certifierAdoptionIgnored
        /// [DEAD-1] E has no term for gaps between the certifier's rounds.
        case gapIgnored
        /// [DEAD-1] A path that writes twice is treated as one that does not (hole H4).
        case repeatsIgnored
        /// [DEAD-1] A slot counts from its first sight, whatever was written since.
        case slotChangeNoNews
        /// [DEAD-1] A slot that became unreadable counts as unchanged.
        case tornSlotNoNews
        /// [LEAVE-2] A host that published unguarded is certified by time.
        case unguardedExpires
        /// [DEAD-3] Another boot id certifies, where a higher number is needed (hole H6).
        case newBootByBootID
        /// [DEAD-2] The tombstone of an earlier life certifies the present one.
        case tombstoneOfAnotherLife

        // MARK: Leases

        /// [TIME-2] A grant counts from its arrival.
        case grantDatedAtReceipt
        /// [LEASE-M] Grants are given and taken between different epochs.
        case grantAcrossEpochs
        /// [LEASE-M] Grants go to whoever asks, in the view or not.
        case grantOutsideView
        /// [LEASE-M] A host without storage grants.
        case grantWithoutStorage
        /// [TIME-4] A grant is checked, and composed later (hole H12).
        case grantCheckedEarlier
        /// [LEASE-M] A grant is given before the vouch is on the disk.
        case vouchUnwritten
        /// [TIME-2] A lease counts from the end of its round.
        case leaseDatedAtCompletion
        /// [LEASE-A] One all-lost peer is enough, where all are needed.
        case allLostByAny
        /// [LEASE-A] A run says and takes all-lost without a good round of its own (hole H13).
        case allLostInFreshRun
        /// [VIEW-2a] All-lost is said while a decided view is not published (hole H9, second half).
        case allLostSaidUnpublished
        /// [VIEW-2a] All-lost is said and taken while a decided view is not published.
        case allLostUnpublished
        /// [LEASE-A] All-lost is taken while a decided view is not published.
        case allLostTakenUnpublished
        /// [LEASE-1] A round is good although a newer view is announced or known.
        case newerViewUnread
        /// [LEASE-2] A restarted daemon opens the watchdog at once (hole H8).
        case openedWithoutLease
        /// [TIME-1] The fence loop does not look at the clock after the feed.
        case feedUnchecked

        // MARK: Views

        /// [VIEW-1] A phase is clear without a look at the ballots.
        case ballotsUnread
        /// [VIEW-1] A higher ballot does not stop a lower one.
        case higherBallotIgnored
        /// [VIEW-1] Phase 2 takes the own value, whatever phase 1 found.
        case ownValueAlways
        /// [VIEW-3] All ballot records go to one sub-block.
        case oneSubBlock
        /// [VIEW-3] A new run writes ballots and promises at once (hole H10).
        case quarantineSkipped
        /// [VIEW-1] Only the members' ballot blocks are read.
        case membersBallotsOnly
        /// [VIEW-2a] A decided view is adopted before it is published (hole H9).
        case adoptedUnpublished
        /// [VIEW-1] Removed hosts are not carried on from view to view (hole H5).
        case removedForgotten
        /// [JOIN-1] A removed joiner is let in again under its old number (hole H5).
        case sameNumberAgain
        /// [VIEW-5] A member goes on after a view without it.
        case removalIgnored
        /// [VIEW-6] A new master acts without waiting for anybody (hole H7).
        case masterAtOnce
        /// [VIEW-6] (iii) waits for G + W.
        case masterAfterGraceAndW
        /// [VIEW-6] A master acts before the view stands in its own block.
        case masterUnpublished
        /// [VIEW-6] A master acts on vouches.
        case masterWithoutStorage
        /// [VIEW-6] A gap between good rounds does not start (iii) anew.
        case masterThroughGaps

        // MARK: Incarnations

        /// [INC-1] Whether a number was held is read from the own slot, not from the own file.
        case neverAdoptedBySlot
        /// [INC-1] A number is adopted without the record that it is held.
        case heldUnrecorded
        /// [INC-1] A tombstone is issued without the record that the number is spent.
        case spentUnrecorded

        // MARK: Faults

        /// [FAULT-2] A partition is judged at the first missing edge (hole H11).
        case unsettledPartition
        /// [FAULT-3] A hold ends when netOK is back.
        case holdEndsByNetOK
        /// [FAULT-3] netOK turns true as soon as the carrier is back.
        case netOKAtOnce
        /// [FAULT-1] The vouch of a host that is itself silent counts (hole H15).
        case staleVouchCounts
        /// [FAULT-3] A hold suspends FAULT-1 as well.
        case holdStopsRemovals
    }
#endif
