/// A branch of a clause of docs/PROTOCOL.md, sections 2 and 4 to 9, that a run can reach.
///
/// The engine marks each one that it passes (`Engine.reached`); the simulator wants all of them reached.
/// A name is the clause followed by the branch: `view2aRead` is the branch *read* of VIEW-2a.
public enum Clause: UInt8, BitwiseCopyable, CaseIterable, Sendable {
    // MARK: Views

    /// A host proposed although it was not first in turn ([VIEW-1]).
    case view1Turn
    /// The flag was acknowledged and the ballots were not read yet.
    case view1FlagUnread
    /// Phase 1 starts above ballots that were read.
    case view1Above
    /// A write or read of an attempt failed; the attempt is made again.
    case view1Retried
    /// A higher ballot was ahead; this one was given up.
    case view1Overtaken
    /// Phase 1 was clear and found no value: the own one goes to phase 2.
    case view1OwnValue
    /// Phase 1 found an accepted value and goes on with it.
    case view1Accepted
    /// Phase 1 was clear and nothing was wanted any more.
    case view1WishGone
    /// Phase 2 was clear: decided.
    case view1Decided
    /// The instance was decided by another host.
    case view1Superseded
    /// A slot showed the flag, so all ballots are read.
    case view1FlagSeen
    /// A slot showed a higher epoch, which counts as the flag.
    case view1EpochSeen
    /// An adopted view that another host decided goes into the own block.
    case view2CaughtUp
    /// The decided view was written with known success, then adopted.
    case view2aWritten
    /// The outcome of that write was unknown; the view was read back from the disk.
    case view2aRead
    /// A heartbeat was composed while a decided view was not published: no promise in it.
    case view2aSilent
    /// A member may not decide yet: writes of its former lives may land.
    case view3Quarantine
    /// A heartbeat without promises, for writes of former lives may land.
    case view3NoPromise
    /// A sub-block with a write that may land was passed over.
    case view3Skipped
    /// No sub-block may be written.
    case view3AllUnsettled
    /// The outcome of a ballot write is unknown; the own block is read before the next.
    case view3Uncertain
    /// The own block held a newer record than was known to be there.
    case view3OwnNewest
    /// A heartbeat carries the adopted view for one who is behind.
    case view4Told
    /// A view was learnt from a heartbeat.
    case view4Learnt
    /// A member learnt of a view without it.
    case view5Member
    /// A restarted member learnt of a view without it.
    case view5Resumed
    /// A view was proposed that keeps its master.
    case view6Kept
    /// A view was proposed with another master than the last.
    case view6Elected
    /// The master moves because an operator asked.
    case view6Asked
    /// The new master does not act yet: another host may.
    case view6Waits
    /// A host showed the epoch ([VIEW-6] (i)).
    case view6ByEpoch
    /// A host is certified dead ([VIEW-6] (ii)).
    case view6ByCertificate
    /// D has passed since the epoch was published ([VIEW-6] (iii)).
    case view6ByTime
    /// A gap between good rounds starts (iii) anew.
    case view6GapAnew
    /// The own slot read back otherwise, which starts (iii) anew.
    case view6WentBack
    /// The master does not act: its storage is lost.
    case view6NotStorageLive
    /// The master does not act: the view does not stand in its own block.
    case view6NotPublished

    // MARK: Leases

    /// A good round gave a lease.
    case leaseSRound
    /// A proof came after the end of the lease and renewed nothing.
    case leaseSEndStands
    /// A round was not good: a flag was seen and the ballots were not read.
    case leaseSFlagUnread
    /// A round was not good: the last read of the ballots is older than Ts.
    case leaseSBallotsOld
    /// A round was not good: the own slot did not come back.
    case leaseSReadBack
    /// The k-th newest echo and the newest grant gave a lease.
    case leaseMEchoes
    /// A grant alone gave a lease, shortly after an all-lost one.
    case leaseMWaived
    /// A grant alone gave a lease: enough hosts have left the view.
    case leaseMDeparted
    /// A grant gave nothing: too few peers echo.
    case leaseMTooFew
    /// No grant is asked for: the setting says fence.
    case leaseMFencePolicy
    /// No grant is asked for: no majority could echo.
    case leaseMPoolOfTwo
    /// A grant was given.
    case leaseMGranted
    /// A grant was taken.
    case leaseMGrantTaken
    /// A grant of another epoch was not taken.
    case leaseMOtherEpoch
    /// A grant was withheld: no new sequence.
    case leaseMOldSequence
    /// A grant was withheld: the vouch is not on the disk.
    case leaseMVouchUnwritten
    /// A grant was withheld: a slot without the vouch is on its way.
    case leaseMVouchTakenBack
    /// All others said all-lost: a lease.
    case leaseAAll
    /// No other member: a lease.
    case leaseAAlone
    /// An all-lost echo was given.
    case leaseASaid
    /// All others said all-lost, and this run may not take it.
    case leaseARefused
    /// Another W than asked for was read back and is in force.
    case leaseGReadBack
    /// Storage is back: a round was good, with the newest view read.
    case lease1Back
    /// A restarted daemon opened the watchdog with a lease in hand.
    case lease2Opened
    /// A restarted daemon found the watchdog open.
    case lease2Inherited
    /// The first lease of a restarted daemon came from a round.
    case lease2FirstRound
    /// The first lease of a restarted daemon came from fresh echoes.
    case lease2FirstEchoes
    /// The first lease of a joiner came from its joining rounds.
    case lease3JoiningRounds

    // MARK: Faults

    /// A silent host is proposed out.
    case fault1Silent
    /// A still and unheard host stays: another one hears it and vouches.
    case fault1Kept
    /// A vouch of a host that is not storage-live did not count.
    case fault1StaleVouch
    /// The hear-graph stood still for Tn.
    case fault2Settled
    /// The hear-graph did not settle; 3 Tn were enough.
    case fault2Bound
    /// The hear-graph changed: the wait starts anew.
    case fault2Anew
    /// The missing edges came back before anything was decided.
    case fault2Healed
    /// The best clique holds this host: the rest is proposed out.
    case fault2OwnSide
    /// The best clique leaves this host out: it proposes nothing.
    case fault2OtherSide
    /// The best clique holds a host without storage, by who hears it.
    case fault2StorageLostStays
    /// A hold began.
    case fault3HoldBegun
    /// A hold was taken over from another host's slot.
    case fault3HoldPassedOn
    /// A hold ended: an edge is back.
    case fault3HoldEnded
    /// A silent host was proposed out during a hold.
    case fault3HoldGoesOn
    /// A pool of two: the host without netOK goes.
    case fault3NetOKDecides
    /// A pool of two: the setting says tie-break.
    case fault3TieBreak
    /// netOK turned false.
    case fault3NetOKLost
    /// The links broke again before netOK could turn true.
    case fault3NetOKBroken
    /// netOK turned true after the wait.
    case fault3NetOKGained
    /// A host without storage was proposed out at the limit.
    case fault4Limit
    /// A host that lives on all-lost decides nothing.
    case fault5Waits
    /// The own operator asked a host out.
    case fault6Own
    /// Another slot asked a host out.
    case fault6Read
    /// A host stays out by itself.
    case fault8HeldOut
    /// An operator let it in.
    case fault8Cleared
    /// A member that is known dead is proposed out.
    case fault9Dead
    /// The same view admits its new life.
    case fault9Readmitted

    // MARK: Certificates

    /// [DEAD-1] (a): the sight of the slot was the last evidence.
    case dead1Sight
    /// (a): the end of a gap between good rounds was.
    case dead1Gap
    /// (b): an own promise was.
    case dead1Promise
    /// (b): the own first adoption was.
    case dead1Adoption
    /// (c): the age that another slot states was.
    case dead1Departed
    /// (c): the slot of a host that never showed such a view was, with its G.
    case dead1Standing
    /// (c): the slot of a joining run was.
    case dead1Joining
    /// A path may write twice: the learning of the removal was.
    case dead1RemovalLearnt
    /// The header's largest D was waited for.
    case dead1LargestD
    /// D had passed, and the read was issued before that.
    case dead1ReadTooEarly
    /// A slot became unreadable, which is news.
    case dead1TornIsNews
    /// A slot went back, which is news for E.
    case dead1WentBack
    /// A host that published unguarded was not certified by time.
    case dead1Unguarded
    /// A later view no longer carries a removed host.
    case dead1Carried
    /// A tombstone in a slot.
    case dead2Slot
    /// A tombstone in a heartbeat.
    case dead2Heard
    /// A certificate by tombstone.
    case dead2Certified
    /// A fenced host's tombstone is on the disk.
    case dead2Written
    /// A fenced host without storage sent its tombstone.
    case dead2Sent
    /// The stop of the guests was not proved: no tombstone.
    case dead2Unproven
    /// A certificate by a higher number of another boot.
    case dead3NewBoot
    /// A certificate by a higher number of the same boot.
    case dead3SameBoot
    /// A certificate by a fence agent.
    case dead4Confirmed
    /// A certificate by the operator.
    case dead5Confirmed

    // MARK: Joining

    /// A joining host is proposed in.
    case join1Admitted
    /// A number that was let in is recorded as held.
    case join1Held
    /// That record failed.
    case join1HeldFailed
    /// A joiner adopted its first view.
    case join1Adopted
    /// The watchdog did not open.
    case join1OpeningFailed
    /// The W read back makes D too large.
    case join1ReadBackRefused
    /// The admission was taken back before it was adopted.
    case join1TakenBack
    /// A number that was used up is followed by a new one.
    case join1NewNumber
    /// A joiner waits for its former lives.
    case join1Quarantine
    /// A joiner is not heard, or does not hear.
    case join1NotHeard
    /// A joiner waits before it opens the watchdog again.
    case join1Watchdog
    /// A joiner has no statefile.
    case join2NoStatefile
    /// The pool waits for hosts before it enables.
    case join3Waiting
    /// The first view is proposed.
    case join3Enabling
    /// All showed it: active is proposed.
    case join3Active
    /// They did not in time: disabled is proposed.
    case join3TimedOut
    /// A lease ended while enabling: disarmed.
    case join3LeaseEnded
    /// A disabled host takes a new number to be enabled.
    case join3Anew
    /// A joiner waits for certificates of the last members.
    case join4NotCertified
    /// A member of the last view proposes the next one.
    case join4Formed
    /// It lists a member that never armed as removed.
    case join4FormedAround
    /// A member of the last view was certified by time.
    case join4Expired
    /// A host outside the last view proposes the next one.
    case join4Outsider
    /// A certificate does not serve a host outside the last view.
    case join4OutsiderWaits
    /// An operator forced it.
    case join4Forced

    // MARK: Leaving

    /// A view without this host was decided at its wish.
    case leave1Decided
    /// The last member leaves without a view.
    case leave1Last
    /// The tombstone is on the disk: disarmed.
    case leave1Written
    /// Disabled is proposed.
    case leave2Proposed
    /// Disabled was adopted: disarmed.
    case leave2Adopted
    /// A disabled host tells the view to one who is behind.
    case leave2Tells
    /// All showed the view: left.
    case leave2AllShown
    /// Not all showed the view: left after D.
    case leave2AfterD
    /// Unguarded is on the disk: disarmed.
    case leave2UnguardedWritten
    /// A peer knows of unguarded: disarmed.
    case leave2UnguardedHeard
    /// Nobody could be told of unguarded: disarmed.
    case leave2UnguardedLate
    /// A host does not join: the pool is disabled.
    case leave2PoolDisabled

    // MARK: Incarnations

    /// A new number was taken.
    case inc1Taken
    /// The own file could not be written.
    case inc1TakenFailed
    /// A restarted daemon keeps its number.
    case inc1Kept
    /// The own file was unreadable, and counts as held.
    case inc1Unreadable
    /// A number was recorded as spent.
    case inc1Spent
    /// That record failed: no tombstone.
    case inc1SpentFailed
    /// A heartbeat of an older number was no news.
    case inc1OldLife
    /// A slot of an older number was no news.
    case inc1OldSlot
    /// An echo to another run of this host did not count.
    case inc1OtherRun

    // MARK: Self-fences and guests

    /// No lease was left.
    case fenceLeaseExpired
    /// A view left this host out.
    case fenceRemovedFromView
    /// A member could not open its watchdog.
    case fenceWatchdogUnavailable
    /// The operator asked for it.
    case fenceOperatorRequest
    /// Too long between the check of the lease and the feed ([TIME-1]).
    case fenceStalledFeed
    /// The fence loop saw the end of the lease by itself.
    case fenceLeaseSeen
    /// A guest was started on an order.
    case act1Started
    /// An order was refused: another epoch, or no lease.
    case act1Refused
    /// A new master learnt from a host that a guest runs there.
    case act3Reported
}
