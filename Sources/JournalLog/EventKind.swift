/// The kinds of events, each with a word and a MESSAGE_ID that never change.
///
/// Look one up in the journal with `journalctl MESSAGE_ID=...`. The ids are random 128-bit numbers, as
/// `journalctl --new-id128` makes them; a kind that is given up keeps its id for ever.
public enum EventKind: String, Sendable, CaseIterable {
    /// This run works under an incarnation number.
    case started
    /// What this host is doing changed.
    case phaseChanged = "phase-changed"
    /// A view was adopted.
    case viewAdopted = "view-adopted"
    /// This host proposes a view.
    case proposing
    /// A ballot was given up.
    case ballotLost = "ballot-lost"
    /// A host is certified dead.
    case certified
    /// A peer's heartbeats stopped.
    case peerUnheard = "peer-unheard"
    /// A peer is heard again.
    case peerHeard = "peer-heard"
    /// A peer's slot stopped changing.
    case peerSlotStale = "peer-slot-stale"
    /// A peer's slot changes again.
    case peerSlotFresh = "peer-slot-fresh"
    /// No good round for Ts.
    case storageLost = "storage-lost"
    /// Good rounds again.
    case storageBack = "storage-back"
    /// The lease is carried by the peers' vouches.
    case livingOnVouches = "living-on-vouches"
    /// The lease is carried by the whole pool having lost its storage.
    case livingOnAllLost = "living-on-all-lost"
    /// A hold began or ended.
    case holdChanged = "hold-changed"
    /// The published netOK changed.
    case netOKChanged = "net-ok-changed"
    /// This host acts as master, or no longer.
    case mastershipChanged = "mastership-changed"
    /// This host waits to join.
    case waitingToJoin = "waiting-to-join"
    /// This host stops itself.
    case selfFence = "self-fence"
    /// The statefile gives back what was not written.
    case readBackMismatch = "read-back-mismatch"
    /// The watchdog's timeout makes D too large.
    case watchdogRefused = "watchdog-refused"
    /// The daemon started.
    case daemonStarted = "daemon-started"
    /// The daemon was asked to stop.
    case daemonStopping = "daemon-stopping"
    /// A former run of the daemon ended without saying goodbye.
    case daemonCrashed = "daemon-crashed"
    /// Something about the configuration or the statefile's header.
    case configuration
    /// Something weakens protection on this host.
    case weakenedSafety = "weakened-safety"
    /// The watchdog was armed.
    case watchdogArmed = "watchdog-armed"
    /// The watchdog was disarmed.
    case watchdogDisarmed = "watchdog-disarmed"
    /// The watchdog could not be opened or used.
    case watchdogFailed = "watchdog-failed"
    /// Every guest was stopped, or that could not be proved.
    case guestsStopped = "guests-stopped"
    /// An operator asked for something.
    case operatorRequest = "operator-request"
    /// This host stays out by itself.
    case heldOut = "held-out"
    /// The statefile cannot be opened or used.
    case statefileTrouble = "statefile-trouble"
    /// Datagrams or records were refused.
    case rejections
    /// Something about the manager.
    case manager

    /// The journal's MESSAGE_ID: 32 hex digits.
    public var messageID: String {
        switch self {
        case .started: "fc453add3cb8429d9ec544e8655c0101"
        case .phaseChanged: "006a81202c4240b4bbbbc1ed02c6a9f4"
        case .viewAdopted: "aee15688a3dc4ea19e78482ee83f26e3"
        case .proposing: "a308f35a1bdf4955adf329f3b5e47d96"
        case .ballotLost: "86207bf4a2834877ae64d67d84dab022"
        case .certified: "297983cfa0b842ca9b71ef42a852c6be"
        case .peerUnheard: "c60a6e1e461444819d24954f7cb85744"
        case .peerHeard: "d0b971280b3a4e7dbf67fb20c8a3ac73"
        case .peerSlotStale: "2bfcc59eb9ef4ec499f3ebf1e3545223"
        case .peerSlotFresh: "295025d58d194046a550a3bddb9e6b4f"
        case .storageLost: "e87b6258eb3247d0b3c2ae86419bd33c"
        case .storageBack: "f72ab67b8ad44f6fbd991774b64a99c5"
        case .livingOnVouches: "f925e70a09a34177845874c579287b4a"
        case .livingOnAllLost: "796dac01edd5476ab9552eb943b88b1f"
        case .holdChanged: "23ec6814890d4b5ba824b5ff910cbac7"
        case .netOKChanged: "89dd7a7da2f7484c8a7b2a2f210d9482"
        case .mastershipChanged: "90a9a8f501d04e36bd42b858491db65c"
        case .waitingToJoin: "49434ace7bf64ac7a2255fefe2337709"
        case .selfFence: "4eda96887aa24bf08b433b2ba856417e"
        case .readBackMismatch: "30ff45da4ba14450a09b4d30f0e95956"
        case .watchdogRefused: "65aaf75aa7be449ab885b1e89bcf88f1"
        case .daemonStarted: "a0ea4f7f62ce4e0eb53d5cd01a233207"
        case .daemonStopping: "c4760530071543ccb3522ecdf6961c4e"
        case .daemonCrashed: "a61b30b5bbab774b00aecf1f38fc7881"
        case .configuration: "88865a1b75d14db1b98444209b998fe8"
        case .weakenedSafety: "213f1d89eb2a423fa65817ad2407bc23"
        case .watchdogArmed: "e46060af10eb47ccac991de932123d81"
        case .watchdogDisarmed: "45a4902219494906aeb84ec5c6fa466a"
        case .watchdogFailed: "d4cf03c539434b3089f174ea7ff5e10f"
        case .guestsStopped: "4f2bccb95b9c46069ed90e6f3a88bf7b"
        case .operatorRequest: "9344d90586604b2fb97de1a58f280e0d"
        case .heldOut: "d41feb76281a4ad29e8d70cebd5c94f6"
        case .statefileTrouble: "8989d2e27fd64f999ee512f09416d6a2"
        case .rejections: "92f62c6b2c9d470ea097255c27a0b063"
        case .manager: "40c58f2f102042ec99197ccdb4a488fe"
        }
    }
}
