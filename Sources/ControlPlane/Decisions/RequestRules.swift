import AdminProtocol

/// Whether an operator's request can be carried out on the record as it is, and what to tell him.
enum RequestRules {
    /// The longest definition, in bytes.
    static let definitionLimitBytes = 64 << 10

    /// The answer to `request`; an accepted one is then carried out by `MasterPart.apply`.
    static func answer(
        _ request: ManagerRequest,
        on part: MasterPart,
        liveset: LivesetSnapshot,
        budgetBytes: Int
    ) -> RequestAnswer {
        let refusal: String?
        let accepted: String
        switch request.kind {
        case .register(let wish):
            refusal = refusalOf(wish, on: part, liveset: liveset, budgetBytes: budgetBytes)
            accepted = wish.isStarted ? "registered; \(startText(liveset))" : "registered; it is off"
        case .set(let settings):
            refusal = refusalOf(settings, on: part)
            accepted = "changed; a running machine keeps the memory it started with"
        case .start(let name, let host):
            refusal = unknown(name, part) ?? wrongHost(host, liveset)
            accepted = part.machine(name)?.claims.isEmpty == false ? "it is on" : startText(liveset)
        case .stop(let name, let isForced):
            refusal = unknown(name, part)
            let grace = part.settings.stopGraceSeconds
            accepted =
                isForced
                ? "it is being stopped by force and stays off"
                : "it is asked to stop, is stopped after \(grace) s, and stays off"
        case .remove(let name):
            refusal = unknown(name, part) ?? stillOn(name, part, liveset)
            accepted = "removed"
        }
        if let refusal { return RequestAnswer(id: request.id, isAccepted: false, text: refusal) }
        return RequestAnswer(id: request.id, isAccepted: true, text: accepted)
    }

    private static func startText(_ liveset: LivesetSnapshot) -> String {
        switch liveset.poolState {
        case .active: "it is started on the next free host"
        case .enabling: "it is started once the pool is active; it is still enabling"
        case .disabled: "it is started once the pool is enabled again; it is disabled"
        }
    }

    private static func unknown(_ name: String, _ part: MasterPart) -> String? {
        part.machine(name) == nil
            ? "there is no machine '\(name)' in the pool; 'holdfast vm list' shows all" : nil
    }

    private static func wrongHost(_ host: Int?, _ liveset: LivesetSnapshot) -> String? {
        guard let host, !liveset.hosts.indices.contains(host) else { return nil }
        return "there is no host in row \(host); the pool has \(liveset.hosts.count)"
    }

    private static func stillOn(_ name: String, _ part: MasterPart, _ liveset: LivesetSnapshot) -> String? {
        guard let entry = part.machine(name) else { return nil }
        if entry.isWantedOn { return "'\(name)' is on; stop it first: holdfast vm stop \(name)" }
        guard let claim = entry.claims.first else { return nil }
        return "'\(name)' may still run on \(liveset.name(claim.host)); wait until it has stopped"
    }

    private static func refusalOf(
        _ wish: Registration,
        on part: MasterPart,
        liveset: LivesetSnapshot,
        budgetBytes: Int
    ) -> String? {
        if let reason = nameRefusal(wish.name) { return reason }
        if part.machine(wish.name) != nil {
            return
                "there is a machine '\(wish.name)' already; change it with 'holdfast vm set', or remove it first"
        }
        if let reason = wrongHost(wish.host, liveset) { return reason }
        if let reason = valueRefusal(order: wish.order, delay: wish.startDelaySeconds, memory: wish.memoryMiB)
        {
            return reason
        }
        let bytes = wish.definition.utf8.count
        guard bytes <= definitionLimitBytes else {
            return "the definition has \(bytes) bytes, at most \(definitionLimitBytes) are taken"
        }
        let used = usedBytes(part)
        guard used + bytes + entryBytes <= budgetBytes else {
            return
                "the pool record is full: \(used) of \(budgetBytes) bytes are used and '\(wish.name)' needs"
                + " \(bytes + entryBytes); remove machines or format a larger statefile"
        }
        return nil
    }

    private static func refusalOf(_ settings: MachineSettings, on part: MasterPart) -> String? {
        unknown(settings.name, part)
            ?? valueRefusal(
                order: settings.order,
                delay: settings.startDelaySeconds,
                memory: settings.memoryMiB
            )
    }

    /// What one machine takes in the record besides its definition, at most, with two lines of the ledger.
    private static let entryBytes = 2048

    private static func usedBytes(_ part: MasterPart) -> Int {
        part.definitions.values.reduce(part.machines.count * entryBytes) { $0 + $1.utf8.count }
    }

    private static func nameRefusal(_ name: String) -> String? {
        let letters = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-")
        let isGood =
            (1...64).contains(name.count) && name.allSatisfy(letters.contains)
            && !".-".contains(name.first ?? ".")
        return isGood
            ? nil
            : "'\(name)' is no name for a machine: 1 to 64 letters, digits, '.', '_' or '-',"
                + " not beginning with '.' or '-'"
    }

    private static func valueRefusal(order: Int?, delay: Int?, memory: Int?) -> String? {
        if let order, !(-1...1_000_000).contains(order) { return "order = \(order) is not in -1 ... 1000000" }
        if let delay, !(0...3600).contains(delay) { return "start-delay = \(delay) s is not in 0 ... 3600 s" }
        if let memory, !(1...(64 << 20)).contains(memory) {
            return "memory = \(memory) MiB is not in 1 MiB ... 64 TiB"
        }
        return nil
    }
}
