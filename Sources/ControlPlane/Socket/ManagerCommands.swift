public import AdminProtocol

// The commands of `<run-directory>/manager.sock`; same framing as the daemon's socket.

/// What became of an operator's request so far.
public struct RequestStatus: Codable, Sendable, Equatable {
    /// How far it is.
    public enum State: String, Codable, Sendable {
        /// The master carries it out, and that stands in the record.
        case accepted
        /// It waits for the master; ask again with `vm-request`.
        case pending
    }
    /// The request's name, for `vm-request`.
    public var id: String
    /// How far it is.
    public var state: State
    /// What happens now, or what it waits for.
    public var message: String
}

/// `vm-request`: what became of a request that was still pending.
///
/// A refusal comes as an error.
public struct VMRequestCommand: AdminCommand {
    /// How far it is.
    public typealias Reply = RequestStatus
    /// The word on the wire.
    public static let name = "vm-request"
    /// The request's name.
    public var id: String
    /// Asks for the request of this name.
    public init(id: String) { self.id = id }
}

/// `vm-register`: put a machine under the pool's care.
public struct VMRegisterCommand: AdminCommand {
    /// How far it is.
    public typealias Reply = RequestStatus
    /// The word on the wire.
    public static let name = "vm-register"
    /// The machine's name. (`name` is the command's own.)
    public var vm: String
    /// The memory it takes, in MiB.
    public var memoryMiB: Int
    /// Process driver: the program and its arguments, `program` on the wire.
    ///
    /// Give this or `definition`.
    public var command: [String]?
    /// The driver's own text.
    public var definition: String?
    /// The host to run it on first, by name.
    public var host: String?
    /// `restart`, `best-effort` or the empty word.
    public var haRestartPriority: String?
    /// Groups of the restart, 0 first; -1 last.
    public var order: Int?
    /// How long the next order waits after it runs, in seconds.
    public var startDelaySeconds: Int?
    /// False: it is registered and stays off.
    public var start: Bool?
    /// The operator, for the ledger.
    public var by: String?

    // `command` on the wire is the request's own word.
    private enum CodingKeys: String, CodingKey {
        case vm, memoryMiB, definition, host, haRestartPriority, order, startDelaySeconds, start, by
        case command = "program"
    }

    /// A machine with these needs.
    public init(vm: String, memoryMiB: Int) {
        self.vm = vm
        self.memoryMiB = memoryMiB
    }
}

/// `vm-set`: change settings of a machine; what is left out stays as it is.
public struct VMSetCommand: AdminCommand {
    /// How far it is.
    public typealias Reply = RequestStatus
    /// The word on the wire.
    public static let name = "vm-set"
    /// The machine's name.
    public var vm: String
    /// `restart`, `best-effort` or the empty word.
    public var haRestartPriority: String?
    /// Groups of the restart, 0 first; -1 last.
    public var order: Int?
    /// How long the next order waits after it runs, in seconds.
    public var startDelaySeconds: Int?
    /// The memory it takes from its next start on, in MiB.
    public var memoryMiB: Int?
    /// The operator, for the ledger.
    public var by: String?

    /// No change of the machine of this name.
    public init(vm: String) { self.vm = vm }
}

/// `vm-start`: a machine ought to run.
public struct VMStartCommand: AdminCommand {
    /// How far it is.
    public typealias Reply = RequestStatus
    /// The word on the wire.
    public static let name = "vm-start"
    /// The machine's name.
    public var vm: String
    /// The host to run it on, by name; nil for the emptiest.
    public var host: String?
    /// The operator, for the ledger.
    public var by: String?

    /// Asks for the machine of this name to be started.
    public init(vm: String) { self.vm = vm }
}

/// `vm-stop`: a machine is stopped and stays off.
public struct VMStopCommand: AdminCommand {
    /// How far it is.
    public typealias Reply = RequestStatus
    /// The word on the wire.
    public static let name = "vm-stop"
    /// The machine's name.
    public var vm: String
    /// Without asking the guest.
    public var force: Bool?
    /// The operator, for the ledger.
    public var by: String?

    /// Asks for the machine of this name to be stopped.
    public init(vm: String) { self.vm = vm }
}

/// `vm-remove`: the pool forgets a machine that is off.
public struct VMRemoveCommand: AdminCommand {
    /// How far it is.
    public typealias Reply = RequestStatus
    /// The word on the wire.
    public static let name = "vm-remove"
    /// The machine's name.
    public var vm: String
    /// The operator, for the ledger.
    public var by: String?

    /// Asks for the machine of this name to be removed.
    public init(vm: String) { self.vm = vm }
}

/// `vm-list`: every machine of the pool.
public struct VMListCommand: AdminCommand {
    /// The machines, and how fresh that is.
    public typealias Reply = VMListReport
    /// The word on the wire.
    public static let name = "vm-list"
    /// Asks for the list.
    public init() {}
}

/// `vm-why`: why a machine is where it is, or why it does not run.
public struct VMWhyCommand: AdminCommand {
    /// The story of the machine.
    public typealias Reply = VMWhyReport
    /// The word on the wire.
    public static let name = "vm-why"
    /// The machine's name.
    public var vm: String
    /// Asks about the machine of this name.
    public init(vm: String) { self.vm = vm }
}

/// `host-why`: what a host runs, may be running, or ran when it was lost, and what became of that.
public struct HostWhyCommand: AdminCommand {
    /// The machines' part of a host's story.
    public typealias Reply = HostWhyReport
    /// The word on the wire.
    public static let name = "host-why"
    /// The host, by its name in the host table.
    public var host: String
    /// Asks about the host of this name.
    public init(host: String) { self.host = host }
}

/// `ledger`: the newest lines of the restart ledger, oldest first.
public struct LedgerCommand: AdminCommand {
    /// The lines.
    public typealias Reply = LedgerReport
    /// The word on the wire.
    public static let name = "ledger"
    /// Only lines about this machine.
    public var vm: String?
    /// Only lines with a higher number; 0 for all that are kept.
    public var since: UInt64?
    /// Asks for all lines.
    public init() {}
}

/// `manager-status`: how this host's manager is.
public struct ManagerStatusCommand: AdminCommand {
    /// How it is.
    public typealias Reply = ManagerStatusReport
    /// The word on the wire.
    public static let name = "manager-status"
    /// Asks for it.
    public init() {}
}
