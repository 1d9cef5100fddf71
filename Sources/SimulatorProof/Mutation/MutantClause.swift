#if HOLDFAST_MUTANTS
    public import LivesetEngine

    extension Mutant {
        /// The clause that it breaks.
        public var clause: String {
            switch self {
            case .deadAfterGraceAndHalfW, .deadAfterGraceAndW, .feedUnchecked: "TIME-1"
            case .readIssuedTooEarly, .vouchersIgnored, .departureUnseen, .agesUnstated,
                .ownStartNoGrant, .ownPromiseIgnored, .certifierStartIgnored, .certifierAdoptionIgnored,
                .gapIgnored, .repeatsIgnored, .slotChangeNoNews, .tornSlotNoNews:
                "DEAD-1"
            case .unguardedExpires: "LEAVE-2"
            case .newBootByBootID: "DEAD-3"
            case .tombstoneOfAnotherLife: "DEAD-2"
            case .grantDatedAtReceipt, .leaseDatedAtCompletion: "TIME-2"
            case .grantAcrossEpochs, .grantOutsideView, .grantWithoutStorage, .vouchUnwritten: "LEASE-M"
            case .grantCheckedEarlier: "TIME-4"
            case .allLostByAny, .allLostInFreshRun, .allLostTakenUnpublished: "LEASE-A"
            case .allLostSaidUnpublished, .allLostUnpublished, .adoptedUnpublished: "VIEW-2a"
            case .newerViewUnread: "LEASE-1"
            case .openedWithoutLease: "LEASE-2"
            case .ballotsUnread, .higherBallotIgnored, .ownValueAlways, .membersBallotsOnly,
                .removedForgotten:
                "VIEW-1"
            case .oneSubBlock, .quarantineSkipped: "VIEW-3"
            case .sameNumberAgain: "JOIN-1"
            case .removalIgnored: "VIEW-5"
            case .masterAtOnce, .masterAfterGraceAndW, .masterUnpublished, .masterWithoutStorage,
                .masterThroughGaps:
                "VIEW-6"
            case .neverAdoptedBySlot, .heldUnrecorded, .spentUnrecorded: "INC-1"
            case .unsettledPartition: "FAULT-2"
            case .holdEndsByNetOK, .netOKAtOnce, .holdStopsRemovals: "FAULT-3"
            case .staleVouchCounts: "FAULT-1"
            }
        }
    }
#endif
