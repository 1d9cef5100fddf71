import AdminProtocol
import DaemonConfig
import HeartbeatWire
import JournalLog
import LinuxPlatform
import LivesetEngine
import NodeRuntime
import PoolModel
import StatefileLayout

extension StatusReport {
    /// The whole report of one moment.
    init(_ facts: DaemonFacts) {
        self.init()
        version = facts.version
        host = facts.settings.host.name
        index = facts.engine?.own.row ?? 0
        generation = facts.generation
        takenAtNanoseconds = facts.now.nanoseconds
        daemonAgeMilliseconds = (facts.now - facts.startedAt).inMilliseconds
        statefile = AdminProtocol.StatefileReport(facts)
        networks = NetworkReport.all(facts)
        fencing = FencingReport(facts)
        let times = facts.engine?.timing ?? facts.settings.timing.derived
        timing = TimingReport(times, choice: facts.settings.timing.words, largestD: facts.header?.largestD)
        hasGuests = facts.hasGuests
        rejections = RejectionReport.all(facts)
        warnings = facts.warnings
        guard let engine = facts.engine else {
            phase = .joining
            joinObstacle = JoinObstacleReport(
                obstacle: .noStatefile,
                hosts: [],
                sentence: JoinSentence.of(.noStatefile, names: "none")
            )
            return
        }
        take(engine, facts)
    }

    private mutating func take(_ engine: EngineStatus, _ facts: DaemonFacts) {
        phase = PhaseWord(engine.phase)
        poolState = PoolStateWord(engine.view.state)
        epoch = engine.view.epoch.rawValue
        incarnation = IncarnationReport(engine.incarnation)
        members = facts.names(engine.view.members)
        liveset = facts.names(engine.liveset)
        master = engine.view.master.map { facts.name($0) }
        isActingMaster = engine.isActingMaster
        // Alone in the liveset the lease needs nobody ([LEASE-A]); nothing is lost while the storage is
        // there.
        let isAlone = engine.view.members.count == 1 && engine.isStorageLive
        let ground = isAlone && engine.leaseGround == .allLost ? LeaseGround.storage : engine.leaseGround
        lease.ground = LeaseGroundWord(ground)
        if engine.leaseUntil > .distantPast + .seconds(1) {
            lease.untilNanoseconds = engine.leaseUntil.nanoseconds
            lease.leftMilliseconds = (engine.leaseUntil - facts.now).inMilliseconds
        }
        netOK = engine.netOK
        hold = engine.hold
        hosts = (0..<facts.hosts.count).map { HostReport(HostIndex($0), engine, facts) }
        guard let obstacle = engine.joinObstacle else { return }
        let about = facts.names(engine.joinObstacleHosts)
        joinObstacle = JoinObstacleReport(
            obstacle: JoinObstacleWord(obstacle),
            hosts: about,
            sentence: JoinSentence.of(obstacle, names: about.isEmpty ? "none" : about.joined(separator: ", "))
        )
    }
}

extension NetworkReport {
    fileprivate static func all(_ facts: DaemonFacts) -> [NetworkReport] {
        facts.settings.heartbeat.networks.enumerated().map { index, network in
            var report = NetworkReport()
            report.name = network.name
            report.bind = network.bind.description
            report.witness = network.witness?.description
            guard index < facts.networks.count else { return report }
            let found = facts.networks[index]
            report.isOpen = found.openError == 0
            report.interfaces = found.carriers
            report.witnessAnswers = network.witness == nil ? nil : found.witnessAnswers ?? false
            report.heartbeatAgesMilliseconds = ages(index, facts)
            report.trouble = trouble(network, found, report.heartbeatAgesMilliseconds, facts)
            return report
        }
    }

    private static func ages(_ network: Int, _ facts: DaemonFacts) -> [String: Int] {
        var ages: [String: Int] = [:]
        guard let loop = facts.loop, let engine = facts.engine, network < 4 else { return ages }
        for row in 0..<facts.hosts.count where row != engine.own.row {
            ages[facts.hosts[row]] = facts.age(loop.lastHeard[HostIndex(row)][network])
        }
        return ages
    }

    /// The socket's own trouble first; then peers that are heard, but not over this network.
    private static func trouble(
        _ network: HeartbeatNetwork,
        _ found: NetworkFacts,
        _ ages: [String: Int],
        _ facts: DaemonFacts
    ) -> String? {
        if found.openError != 0 {
            return SystemError(call: "bind", subject: network.bind.description, code: found.openError)
                .description
        }
        if found.lastSendError != 0 {
            return SystemError(call: "sendto", subject: network.name, code: found.lastSendError).description
        }
        guard let engine = facts.engine else { return nil }
        let limit = engine.timing.networkTimeout.inMilliseconds
        var silent: [String] = []
        for row in 0..<facts.hosts.count where row != engine.own.row && engine.peers[HostIndex(row)].isHeard {
            let name = facts.hosts[row]
            if network.peers[name] != nil, (ages[name] ?? .max) > limit { silent.append(name) }
        }
        guard !silent.isEmpty else { return nil }
        return "not heard over this network, only over another: \(silent.joined(separator: ", "))"
    }
}

extension FencingReport {
    fileprivate init(_ facts: DaemonFacts) {
        self.init()
        path = facts.settings.fencing.watchdog
        identity = facts.watchdog.facts?.identity
        isSoftdog = facts.watchdog.facts?.isSoftdog ?? false
        wasInherited = facts.watchdog.wasInherited
        trouble = facts.watchdog.trouble
        switch facts.watchdog.phase {
        case .disarmed: isArmed = false
        case .waiting, .feeding, .fencing, .fired, .unstoppable: isArmed = true
        }
        if isArmed {
            timeoutMilliseconds =
                (facts.engine?.watchdog ?? facts.settings.timing.derived.watchdog).inMilliseconds
        }
    }
}

extension RejectionReport {
    /// Every cause that was counted.
    static func all(_ facts: DaemonFacts) -> [RejectionReport] {
        var list: [RejectionReport] = []
        func add(_ place: String, _ cause: String, _ count: UInt64) {
            if count > 0 { list.append(RejectionReport(place: place, cause: kebab(cause), count: count)) }
        }
        if let counters = facts.loop?.heartbeats {
            for cause in RejectionCause.allCases { add("heartbeat", "\(cause)", counters[cause]) }
        }
        if let storage = facts.storage {
            // A sub-block that was not used since *format* holds zeros: nothing was rejected.
            for cause in RecordRejection.allCases where cause != .blank {
                add("statefile", "\(cause)", storage.slots[cause] + storage.ballots[cause])
            }
        }
        return list
    }

    /// `wrongCode` as `wrong-code`.
    static func kebab(_ name: String) -> String {
        name.reduce(into: "") { text, letter in
            if letter.isUppercase { text += "-" + letter.lowercased() } else { text.append(letter) }
        }
    }
}

extension HostReport {
    fileprivate init(_ host: HostIndex, _ engine: EngineStatus, _ facts: DaemonFacts) {
        self.init()
        let row = engine.peers[host]
        let entry = engine.view.entries[host]
        name = facts.name(host)
        index = host.row
        isOwn = host == engine.own
        standing = StandingWord(entry.standing)
        removedFor = entry.reason.map { RemovalWord($0) }
        removedIn = entry.reason == nil ? nil : entry.removedIn.rawValue
        isInLiveset = engine.liveset.contains(host)
        phase = PhaseWord(row.phase)
        incarnation = IncarnationReport(row.incarnation)
        epoch = row.epoch.rawValue
        heartbeatAgeMilliseconds = facts.age(row.lastHeartbeat)
        slotAgeMilliseconds = facts.age(isOwn ? engine.lastGoodRound : row.lastSlotChange)
        isHeard = row.isHeard
        isStorageLive = row.isStorageLive
        netOK = row.netOK
        hasGuests = row.hasGuests
        hears = facts.names(row.hears)
        vouches = facts.names(row.vouches)
        slotVerdict = SlotVerdictWord(row.slotVerdict)
        certificate = row.certificate.map { CertificateReport($0, name: facts.name($0.host)) }
        recentRemovals = Int(row.recentRemovals)
        selfFences = Int(row.selfFences)
        lastFence = row.lastFence.map { SelfFenceWord($0) }
        lastWords = row.lastWords.text
    }
}
