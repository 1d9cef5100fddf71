#if HOLDFAST_MUTANTS
    public import LivesetEngine

    extension Mutant {
        /// Who caught it when it was looked for last; `holdfast-sim mutants --search` finds it again.
        public var catcher: Catcher {
            switch self {
            case .deadAfterGraceAndHalfW: .template("feed-in-hand", seed: 1)
            case .deadAfterGraceAndW: .template("feed-in-hand", seed: 1)
            case .readIssuedTooEarly: .template("slow-read", seed: 2)
            case .vouchersIgnored: .template("last-grant", seed: 1)
            case .departureUnseen: .template("last-grant", seed: 1)
            case .agesUnstated: .template("last-grant", seed: 1)
            case .ownStartNoGrant: .template("voucher-crashes", seed: 3)
            case .ownPromiseIgnored: .template("only-grant", seed: 1)
            case .certifierStartIgnored: .equivalent
            case .certifierAdoptionIgnored: .equivalent
            case .gapIgnored: .template("blind-in-hold", seed: 19)
            case .repeatsIgnored: .template("written-again", seed: 1)
            case .slotChangeNoNews: .template("cut-off", seed: 1)
            case .tornSlotNoNews: .template("spoilt-slot", seed: 1)
            case .unguardedExpires: .template("unguarded", seed: 1)
            case .newBootByBootID: .template("late-datagrams", seed: 1)
            case .tombstoneOfAnotherLife: .template("fenced-and-back", seed: 1)
            case .grantDatedAtReceipt: .template("late-grants", seed: 1)
            case .grantAcrossEpochs: .equivalent
            case .grantOutsideView: .template("grant-in-hand", seed: 2)
            case .grantWithoutStorage: .template("voucher-without-storage", seed: 1)
            case .grantCheckedEarlier: .template("late-check", seed: 2)
            case .vouchUnwritten: .template("hidden-vouch", seed: 1)
            case .leaseDatedAtCompletion: .template("cut-off", seed: 1)
            case .allLostByAny: .template("some-all-lost", seed: 1)
            case .allLostInFreshRun: .template("fresh-run", seed: 1)
            case .allLostSaidUnpublished: .equivalent
            case .allLostUnpublished: .template("decided-and-silent", seed: 1)
            case .allLostTakenUnpublished: .template("alone-unpublished", seed: 3)
            case .newerViewUnread: .template("late-datagrams", seed: 1)
            case .openedWithoutLease: .template("crash-loop", seed: 1)
            case .feedUnchecked: .template("stalled-feed", seed: 1)
            case .ballotsUnread: .template("duel", seed: 15)
            case .higherBallotIgnored: .template("duel", seed: 15)
            case .ownValueAlways: .template("duel", seed: 1)
            case .oneSubBlock: .template("torn-ballots", seed: 2)
            case .quarantineSkipped: .template("late-ballots", seed: 5)
            case .membersBallotsOnly: .template("outsider-forms", seed: 2)
            case .adoptedUnpublished: .template("decide-then-stall", seed: 1)
            case .removedForgotten: .template("forgotten-dead", seed: 1)
            case .sameNumberAgain: .template("removed-while-joining", seed: 5)
            case .removalIgnored: .template("removed-and-well", seed: 1)
            case .masterAtOnce: .template("three-masters", seed: 1)
            case .masterAfterGraceAndW: .template("act-in-hand", seed: 12)
            case .masterUnpublished: .template("master-restarts", seed: 1)
            case .masterWithoutStorage: .template("blind-master", seed: 1)
            case .masterThroughGaps: .equivalent
            case .neverAdoptedBySlot: .template("held-in-file", seed: 1)
            case .heldUnrecorded: .template("held-in-file", seed: 1)
            case .spentUnrecorded: .template("fenced-and-back", seed: 1)
            case .unsettledPartition: .template("network-falls", seed: 1)
            case .holdEndsByNetOK: .template("carrier-first", seed: 1)
            case .netOKAtOnce: .template("carrier-blinks", seed: 4)
            case .staleVouchCounts: .template("mutual-vouch", seed: 1)
            case .holdStopsRemovals: .template("death-in-hold", seed: 1)
            }
        }
    }
#endif
