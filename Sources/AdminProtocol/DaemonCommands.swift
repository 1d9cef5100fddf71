/// `status`: everything an operator wants to know of this host.
public struct StatusCommand: AdminCommand {
    /// The whole report.
    public typealias Reply = StatusReport
    /// The word on the wire.
    public static let name = "status"
    /// Asks for the report.
    public init() {}
}

/// `events`: the bounded history of announcements.
public struct EventsCommand: AdminCommand {
    /// Events from the asked sequence on.
    public typealias Reply = EventsReport
    /// The word on the wire.
    public static let name = "events"
    /// The first sequence wanted; 0 for all that are kept.
    public var since: UInt64
    /// The most events wanted; nil for the server's limit.
    public var limit: Int?

    /// Asks for events from `since` on.
    public init(since: UInt64 = 0, limit: Int? = nil) {
        self.since = since
        self.limit = limit
    }
}

/// `fence` ([FAULT-6]): have the pool remove a host.
public struct FenceCommand: AdminCommand {
    /// What happens now.
    public typealias Reply = Accepted
    /// The word on the wire.
    public static let name = "fence"
    /// The host, by its name in the host table.
    public var host: String
    /// The operator, for the record.
    public var by: String?

    /// Asks to have `host` fenced.
    public init(host: String, by: String? = nil) {
        self.host = host
        self.by = by
    }
}

/// `confirm-off` ([DEAD-4]): a fence agent or the storage target confirmed that a host is off.
public struct ConfirmOffCommand: AdminCommand {
    /// What happens now.
    public typealias Reply = Accepted
    /// The word on the wire.
    public static let name = "confirm-off"
    /// The host, by its name in the host table.
    public var host: String
    /// Who or what confirmed it, for the record.
    public var by: String?

    /// Says that `host` is off.
    public init(host: String, by: String? = nil) {
        self.host = host
        self.by = by
    }
}

/// `confirm-dead` ([DEAD-5]): the operator answers for it that a host is dead.
public struct ConfirmDeadCommand: AdminCommand {
    /// What happens now.
    public typealias Reply = Accepted
    /// The word on the wire.
    public static let name = "confirm-dead"
    /// The host, by its name in the host table.
    public var host: String
    /// The operator's name; required, it goes on record with the time.
    public var by: String

    /// Says that `host` is dead, on the word of `by`.
    public init(host: String, by: String) {
        self.host = host
        self.by = by
    }
}

/// `leave` ([LEAVE-1]): this host leaves cleanly; refused while guests run here.
public struct LeaveCommand: AdminCommand {
    /// What happens now.
    public typealias Reply = Accepted
    /// The word on the wire.
    public static let name = "leave"
    /// The operator, for the record.
    public var by: String?
    /// Asks this host to leave.
    public init(by: String? = nil) { self.by = by }
}

/// `stay`: takes a `leave` back.
public struct StayCommand: AdminCommand {
    /// What happens now.
    public typealias Reply = Accepted
    /// The word on the wire.
    public static let name = "stay"
    /// The operator, for the record.
    public var by: String?
    /// Asks this host to stay after all.
    public init(by: String? = nil) { self.by = by }
}

/// `move-master`: another host shall restart machines.
public struct MoveMasterCommand: AdminCommand {
    /// What happens now.
    public typealias Reply = Accepted
    /// The word on the wire.
    public static let name = "move-master"
    /// The host, by its name in the host table.
    public var host: String
    /// The operator, for the record.
    public var by: String?

    /// Asks for `host` as master.
    public init(host: String, by: String? = nil) {
        self.host = host
        self.by = by
    }
}

/// `disable` ([LEAVE-2]): high availability off for the whole pool.
public struct DisableCommand: AdminCommand {
    /// What happens now.
    public typealias Reply = Accepted
    /// The word on the wire.
    public static let name = "disable"
    /// The operator, for the record.
    public var by: String?
    /// Asks for the pool to be disabled.
    public init(by: String? = nil) { self.by = by }
}

/// `enable` ([JOIN-3]): high availability on again for a disabled pool.
public struct EnableCommand: AdminCommand {
    /// What happens now.
    public typealias Reply = Accepted
    /// The word on the wire.
    public static let name = "enable"
    /// The operator, for the record.
    public var by: String?
    /// Asks for the pool to be enabled.
    public init(by: String? = nil) { self.by = by }
}

/// `emergency-disable` ([LEAVE-2]): disarms this host alone, without the statefile.
public struct EmergencyDisableCommand: AdminCommand {
    /// What happens now.
    public typealias Reply = Accepted
    /// The word on the wire.
    public static let name = "emergency-disable"
    /// Must be true: the operator knows that nobody restarts this host's guests until he confirms it dead.
    public var isConfirmed: Bool
    /// The operator's name; required, it goes on record with the time.
    public var by: String

    /// Asks to disarm this host.
    public init(isConfirmed: Bool, by: String) {
        self.isConfirmed = isConfirmed
        self.by = by
    }
}

/// `clear-hold-out` ([FAULT-7], [FAULT-8]): let this host join in spite of its flapping or boot loop.
public struct ClearHoldOutCommand: AdminCommand {
    /// What happens now.
    public typealias Reply = Accepted
    /// The word on the wire.
    public static let name = "clear-hold-out"
    /// The operator, for the record.
    public var by: String?
    /// Asks to clear the hold-out.
    public init(by: String? = nil) { self.by = by }
}

/// `force-form` ([JOIN-4]): form the liveset although members of the last view are not certified dead.
public struct ForceFormCommand: AdminCommand {
    /// What happens now.
    public typealias Reply = Accepted
    /// The word on the wire.
    public static let name = "force-form"
    /// Must be true: the operator answers for it that no other member of the last view runs anything.
    public var isConfirmed: Bool
    /// The operator's name; required, it goes on record with the time.
    public var by: String

    /// Asks to form.
    public init(isConfirmed: Bool, by: String) {
        self.isConfirmed = isConfirmed
        self.by = by
    }
}

/// `flight-save`: writes what this host's engine was told to the disk, for `holdfast-sim replay`.
public struct FlightSaveCommand: AdminCommand {
    /// Where it is.
    public typealias Reply = FlightSaved
    /// The word on the wire.
    public static let name = "flight-save"
    /// Asks for the saving.
    public init() {}
}

/// A flight recording that was saved.
public struct FlightSaved: Codable, Sendable, Equatable {
    /// Its path on the host that was asked.
    public var path: String
    /// Its size.
    public var byteCount: Int
    /// How far back it reaches.
    public var reachMilliseconds: Int

    /// The recording with these facts.
    public init(path: String, byteCount: Int, reachMilliseconds: Int) {
        self.path = path
        self.byteCount = byteCount
        self.reachMilliseconds = reachMilliseconds
    }
}

/// `liveset`: what the manager needs of the daemon, small and fast.
public struct LivesetCommand: AdminCommand {
    /// The small report.
    public typealias Reply = LivesetReport
    /// The word on the wire.
    public static let name = "liveset"
    /// Asks for the report.
    public init() {}
}

/// `guests`: the manager reports whether any guest runs on this host.
public struct GuestsCommand: AdminCommand {
    /// Taken.
    public typealias Reply = Accepted
    /// The word on the wire.
    public static let name = "guests"
    /// Whether any guest runs, is being started, or may be running.
    public var running: Bool

    /// Reports whether guests run.
    public init(running: Bool) { self.running = running }
}

/// `permit-start` ([ACT-1]): asks whether a guest may be started here now, on this order.
public struct PermitStartCommand: AdminCommand {
    /// Until when.
    public typealias Reply = StartPermit
    /// The word on the wire.
    public static let name = "permit-start"
    /// The epoch that the order carries.
    public var epoch: UInt64
    /// The master's incarnation number that the order carries.
    public var masterIncarnation: UInt32

    /// Asks for a permit.
    public init(epoch: UInt64, masterIncarnation: UInt32) {
        self.epoch = epoch
        self.masterIncarnation = masterIncarnation
    }
}

/// A start permitted: the guest must have been started before the instant given, else ask again.
public struct StartPermit: Codable, Sendable, Equatable {
    /// The end of this host's lease, in nanoseconds of CLOCK_BOOTTIME.
    public var leaseUntilNanoseconds: Int64

    /// The permit until this instant.
    public init(leaseUntilNanoseconds: Int64) { self.leaseUntilNanoseconds = leaseUntilNanoseconds }
}
