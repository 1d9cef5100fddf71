public import LivesetEngine
public import PoolModel

/// What the statefile's header says that the configuration must agree with.
public struct HeaderFacts: Sendable, Equatable {
    /// Host names by row.
    public var hosts: [String]
    /// The largest D of the pool.
    public var largestD: TimeSpan

    /// The facts with these fields.
    public init(hosts: [String], largestD: TimeSpan) {
        self.hosts = hosts
        self.largestD = largestD
    }
}

extension DaemonSettings {
    /// This host's row of the header's table.
    public func ownIndex(in header: HeaderFacts) throws(ConfigError) -> HostIndex {
        guard let row = header.hosts.firstIndex(of: host.name) else {
            var problem = "is not in the host table of statefile \(statefile.path), which has: "
            problem += header.hosts.joined(separator: ", ")
            if let near = NearestWord.of(host.name, among: header.hosts) {
                problem += "; did you mean '\(near)'?"
            }
            throw refusal(ConfigMistake(key: "host.name", value: "\"\(host.name)\"", problem: problem))
        }
        return HostIndex(row)
    }

    /// What the engine is told at its start, checked against the statefile's header.
    public func engineSettings(header: HeaderFacts) throws(ConfigError) -> EngineSettings {
        let own = try ownIndex(in: header)
        var mistakes = peerMistakes(header)
        let largest = timing.derived.certainlyDead
        if largest > header.largestD {
            let problem =
                "gives D = \(largest), above the pool's largest D = \(header.largestD) in the header of"
                + " statefile \(statefile.path) ([JOIN-1]): others would count this host dead while it still"
                + " runs;"
                + " choose faster times here, or format the statefile anew with the slower ones"
            mistakes.append(ConfigMistake(key: "timing", value: timing.words, problem: problem))
        }
        guard mistakes.isEmpty else { throw ConfigError(file: file, mistakes: mistakes) }
        var settings = EngineSettings(
            own: own,
            hostCount: header.hosts.count,
            timing: timing.derived,
            largestD: header.largestD
        )
        settings.weight = host.weight
        settings.onStorageLoss = policy.onStorageLoss
        settings.onEvenPartition = policy.onEvenPartition
        settings.storageLossLimit = policy.storageLossLimit
        settings.pathMayRepeatWrites = statefile.pathMayRepeatWrites
        return settings
    }

    /// Peers that are in no row, and rows that are no peer.
    private func peerMistakes(_ header: HeaderFacts) -> [ConfigMistake] {
        var mistakes: [ConfigMistake] = []
        let others = header.hosts.filter { $0 != host.name }
        for (index, network) in heartbeat.networks.enumerated() {
            let key = "heartbeat.network[\(index + 1)].peers"
            for (name, endpoint) in network.peers.sorted(by: { $0.key < $1.key }) where !others.contains(name)
            {
                var problem = "is in no row of the header's host table of statefile \(statefile.path)"
                if let near = NearestWord.of(name, among: others) { problem += "; did you mean '\(near)'?" }
                mistakes.append(
                    ConfigMistake(key: "\(key).\(name)", value: "\"\(endpoint)\"", problem: problem)
                )
            }
            for name in others where network.peers[name] == nil {
                let problem =
                    "is missing: the header's host table has '\(name)', and a host that is not heard over"
                    + " every network cannot be told from a broken network"
                mistakes.append(ConfigMistake(key: "\(key).\(name)", value: nil, problem: problem))
            }
        }
        return mistakes
    }

    private func refusal(_ mistake: ConfigMistake) -> ConfigError {
        ConfigError(file: file, mistakes: [mistake])
    }
}
