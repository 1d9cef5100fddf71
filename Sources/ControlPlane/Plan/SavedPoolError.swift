/// What is wrong with a saved pool.
public enum SavedPoolError: Error, Equatable, Sendable, CustomStringConvertible {
    /// More hosts than a pool has.
    case tooManyHosts(Int)
    /// Two hosts of one name.
    case hostTwice(String)
    /// Two machines of one name.
    case machineTwice(String)
    /// A memory size that cannot be.
    case memory(owner: String, field: String, value: Int)
    /// A machine on a host that is not there.
    case unknownHost(machine: String, host: String)
    /// A host that was named and is not there.
    case noSuchHost(String, known: [String])
    /// A word that is none of the allowed ones.
    case word(machine: String, field: String, value: String, allowed: [String])

    /// The sentence, with what is allowed.
    public var description: String {
        switch self {
        case .tooManyHosts(let count): "hosts: \(count) of them; a pool has 1 to 64"
        case .hostTwice(let name): "hosts: '\(name)' stands there twice; ids are unique"
        case .machineTwice(let name): "vms: '\(name)' stands there twice; ids are unique"
        case .memory(let owner, let field, let value):
            "\(owner): \(field) = \(value); it is a number of bytes, 0 to 2^53"
        case .unknownHost(let machine, let host):
            "vms: '\(machine)' is resident_on '\(host)', which is none of the hosts"
        case .noSuchHost(let host, let known):
            "there is no host '\(host)' in this pool: it has \(known.joined(separator: ", "))"
        case .word(let machine, let field, let value, let allowed):
            "vms: '\(machine)': \(field) = \"\(value)\"; allowed: "
                + allowed.map { "\"\($0)\"" }.joined(separator: ", ")
        }
    }
}

extension SavedPool {
    private static let mostBytes = 1 << 53

    /// Throws the first thing that is wrong.
    public func check() throws(SavedPoolError) {
        guard (1...64).contains(hosts.count) else { throw .tooManyHosts(hosts.count) }
        var names = Set<String>()
        for host in hosts {
            guard names.insert(host.id).inserted else { throw .hostTwice(host.id) }
            try Self.check(host.memoryTotalBytes, "host '\(host.id)'", "memory_total_bytes")
            try Self.check(host.memoryOverheadBytes, "host '\(host.id)'", "memory_overhead_bytes")
        }
        var machines = Set<String>()
        for machine in vms {
            guard machines.insert(machine.id).inserted else { throw .machineTwice(machine.id) }
            try Self.check(machine.memoryBytes, "vm '\(machine.id)'", "memory_bytes")
            try Self.check(machine.overheadBytes, "vm '\(machine.id)'", "overhead_bytes")
            if let host = machine.residentOn, !names.contains(host) {
                throw .unknownHost(machine: machine.id, host: host)
            }
            try Self.check(
                machine,
                "ha_restart_priority",
                machine.haRestartPriority,
                ["restart", "best-effort", ""]
            )
            try Self.check(
                machine,
                "power_state",
                machine.powerState,
                ["Running", "Halted", "Paused", "Suspended"]
            )
        }
    }

    private static func check(_ value: Int, _ owner: String, _ field: String) throws(SavedPoolError) {
        guard (0...mostBytes).contains(value) else {
            throw .memory(owner: owner, field: field, value: value)
        }
    }

    private static func check(
        _ machine: Machine,
        _ field: String,
        _ value: String,
        _ allowed: [String]
    ) throws(SavedPoolError) {
        guard allowed.contains(value) else {
            throw .word(machine: machine.id, field: field, value: value, allowed: allowed)
        }
    }
}
