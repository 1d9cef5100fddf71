import LivesetEngine
import PoolModel
import StatefileMedium

extension DaemonSettings {
    /// Reads the text of a configuration file.
    ///
    /// `file` is its name for messages. Throws every mistake that was found, not only the first.
    public init(toml: String, file: String) throws(ConfigError) {
        self.init()
        self.file = file
        let mistakes = ConfigMistakes()
        let root: ConfigReader
        do throws(ConfigMistake) {
            root = ConfigReader(try ConfigValue.parse(toml: toml), at: "", mistakes: mistakes)
        } catch {
            throw ConfigError(file: file, mistakes: [error])
        }
        host = HostSettings(reading: root.table("host", isRequired: true))
        let pool = root.table("pool")
        keyFile = pool.path("key-file", default: "/etc/holdfast/pool.key")
        pool.close()
        timing = TimingSettings(reading: root.table("timing"))
        heartbeat = HeartbeatSettings(reading: root.table("heartbeat", isRequired: true), own: host.name)
        statefile = StatefileSettings(reading: root.table("statefile", isRequired: true))
        statefile.source.hostName = host.name
        fencing = FencingSettings(reading: root.table("fencing"))
        policy = PolicySettings(reading: root.table("policy"))
        paths = PathSettings(reading: root.table("paths"))
        statefile.source.stateDirectory = paths.stateDirectory
        manager = ManagerSettings(reading: root.table("manager"))
        root.close()
        guard mistakes.list.isEmpty else { throw ConfigError(file: file, mistakes: mistakes.list) }
    }
}

extension HostSettings {
    init(reading table: ConfigReader) {
        name = table.requiredText("name", "this host's name in the statefile header's host table")
        weight = UInt16(
            table.integer(
                "weight",
                default: 100,
                in: 1...65535,
                "it is added up with the other hosts' in a partition"
            )
        )
        bootIDFile = table.path("boot-id-file", default: bootIDFile)
        table.close()
    }
}

extension TimingSettings {
    init(reading table: ConfigReader) {
        let profiles: [(String, TimingChoice)] = [
            ("conservative", .conservative), ("default", .standard), ("fast", .fast),
        ]
        let profile = table.text("profile")
        let stall = table.timeSpan(
            "storage-stall-tolerance",
            in: TimeSpan.zero...TimeSpan.seconds(600),
            "the longest stall to survive"
        )
        table.close()
        if profile != nil, table.value("storage-stall-tolerance") != nil {
            table.complain(
                "storage-stall-tolerance",
                "give either this or profile; every time is derived from one of them"
            )
        }
        if let stall {
            choice = .storageStallTolerance(stall)
            words = "storage-stall-tolerance \(stall)"
        } else if let profile {
            choice = table.word("profile", default: .standard, among: profiles)
            words = "profile \"\(profile)\""
        }
        derived = Timing(choice)
        do throws(TimingError) {
            try derived.check()
        } catch {
            let least = TimingSettings.leastStall().map { "; the least that holds is \($0)" } ?? ""
            table.complain("storage-stall-tolerance", "\(error)\(least)")
        }
    }

    /// The smallest tolerance in whole seconds whose derived times pass every check.
    static func leastStall() -> TimeSpan? {
        for seconds in 1...600 {
            let span = TimeSpan.seconds(Double(seconds))
            if (try? Timing(.storageStallTolerance(span)).check()) != nil { return span }
        }
        return nil
    }
}

extension HeartbeatSettings {
    /// The protocol's most networks.
    static let networkLimit = 4

    init(reading table: ConfigReader, own: String) {
        let why = "a UDP port that is free on every network"
        port = UInt16(table.integer("port", default: 7694, in: 1...65535, why))
        var names: Set<String> = []
        var binds: Set<NetworkEndpoint> = []
        for inner in table.tables("network") {
            guard let network = HeartbeatNetwork(reading: inner, port: port, own: own) else { continue }
            if !names.insert(network.name).inserted {
                inner.complain(
                    "name",
                    "another network has the same name; names must differ, for messages and status"
                )
            }
            if !binds.insert(network.bind).inserted {
                inner.complain(
                    "bind",
                    "another network binds the same address; one socket cannot serve two networks"
                )
            }
            networks.append(network)
        }
        if case .list(let list)? = table.value("network"), list.count > HeartbeatSettings.networkLimit {
            table.complain(
                "network",
                "\(list.count) networks; at most \(HeartbeatSettings.networkLimit) are carried"
            )
        }
        if table.value("network") == nil {
            table.complain(
                "network",
                "at least one [[heartbeat.network]] is needed: without one nobody hears this host"
            )
        }
        table.close()
    }
}

extension HeartbeatNetwork {
    init?(reading table: ConfigReader, port: UInt16, own: String) {
        name = table.requiredText("name", "a name for messages, such as \"storage-a\"")
        interfaces = table.texts("interfaces")
        let form =
            "must be a numeric IPv4 or IPv6 address; names are not resolved, fencing must not wait for DNS"
        let bindText = table.requiredText("bind", "this host's own address on the network")
        let bindAddress = NetworkAddress(bindText)
        if bindAddress == nil, !bindText.isEmpty { table.complain("bind", form) }
        if bindAddress?.isUnspecified == true {
            table.complain(
                "bind",
                "must be one address of this host: with a wildcard the networks cannot be told apart"
            )
        }
        if let text = table.text("witness") {
            witness = NetworkAddress(text)
            if witness == nil { table.complain("witness", form) }
        }
        let inner = table.table("peers")
        peers = HeartbeatNetwork.peers(reading: inner, port: port, own: own, like: bindAddress)
        table.close()
        guard let bindAddress else { return nil }
        bind = NetworkEndpoint(address: bindAddress, port: port)
        if peers.isEmpty, inner.allKeys.isEmpty {
            table.complain("peers", "at least one peer is needed, such as lab2 = \"10.77.0.2\"")
        }
    }

    private static func peers(
        reading table: ConfigReader,
        port: UInt16,
        own: String,
        like bind: NetworkAddress?
    ) -> [String: NetworkEndpoint] {
        var peers: [String: NetworkEndpoint] = [:]
        for name in table.allKeys {
            guard let text = table.text(name) else { continue }
            guard name != own else {
                table.complain(name, "is this host itself; list the other hosts only")
                continue
            }
            guard let endpoint = NetworkEndpoint(text, defaultPort: port) else {
                table.complain(
                    name,
                    "must be a numeric address, with a port if it differs: \"10.77.0.2\", \"[fd00::2]:7694\""
                )
                continue
            }
            if let bind, bind.isIPv6 != endpoint.address.isIPv6 {
                table.complain(
                    name,
                    "is not of the same kind (IPv4, IPv6) as the network's bind address \(bind)"
                )
            }
            if let twin = peers.first(where: { $0.value == endpoint }) {
                table.complain(name, "is the same address as that of \(twin.key); each host has its own")
            }
            peers[name] = endpoint
        }
        return peers
    }
}

extension StatefileSettings {
    init(reading table: ConfigReader) {
        if let address = StatefileSettings.address(reading: table) { source = StatefileSource(address) }
        source.lateWriteWait = table.timeSpan(
            "late-write-wait",
            in: TimeSpan.zero...TimeSpan.seconds(3600),
            "how long the storage may hold back writes of a former life of this host"
        )
        saysThatPathRepeatsWrites = table.truth("path-may-repeat-writes", default: false)
        source.initiatorName = StatefileSettings.initiatorName(reading: table)
        source.chapFile = table.optionalPath("chap-file")
        if source.chapFile != nil { StatefileSettings.checkTransport(of: source, "chap-file", table) }
        if source.initiatorName != nil {
            StatefileSettings.checkTransport(of: source, "initiator-name", table)
        }
        table.close()
    }

    /// A path in `path`, or a URL in `url`.
    private static func address(reading table: ConfigReader) -> StatefileAddress? {
        let path = table.text("path")
        let url = table.text("url")
        guard path == nil || url == nil else {
            table.complainHidden(
                "url",
                "stands beside statefile.path; one of them says where the statefile is"
            )
            return nil
        }
        if let path {
            guard path.hasPrefix("/") else {
                // A URL may hold a secret, which is not shown.
                if path.contains("://") {
                    table.complainHidden("path", "is a URL; write it as statefile.url")
                } else {
                    table.complain("path", "must be an absolute path, beginning with '/'")
                }
                return nil
            }
            return .path(path)
        }
        guard let url else {
            if table.value("path") == nil, table.value("url") == nil {
                table.complain(
                    "path",
                    "is missing: the regular file or block device that all hosts of the pool share; or statefile.url: "
                        + StatefileAddress.forms
                )
            }
            return nil
        }
        do throws(StatefileAddressError) {
            let address = try StatefileAddress(url)
            guard address.path == nil else {
                table.complain("url", "must be a URL (\(StatefileAddress.forms)); a path is statefile.path")
                return nil
            }
            return address
        } catch {
            if error == .holdsSecret {
                table.complainHidden("url", error.description)
            } else {
                table.complain("url", error.description)
            }
            return nil
        }
    }

    private static func initiatorName(reading table: ConfigReader) -> String? {
        guard let name = table.text("initiator-name") else { return nil }
        if !ISCSIAddress.isName(name) {
            table.complain(
                "initiator-name",
                "must be a name of iSCSI, unique to this host: iqn.2026-01.com.example:lab1"
            )
        }
        return name
    }

    private static func checkTransport(of source: StatefileSource, _ key: String, _ table: ConfigReader) {
        if case .iscsi = source.address { return }
        table.complain(key, "is for a statefile on iSCSI only")
    }
}

extension FencingSettings {
    init(reading table: ConfigReader) {
        watchdog = table.path("watchdog", default: watchdog)
        allowSoftdog = table.truth("allow-softdog", default: false)
        sysrq = table.path("sysrq", default: sysrq)
        guestCgroup = table.optionalPath("guest-cgroup")
        table.close()
    }
}

extension PolicySettings {
    init(reading table: ConfigReader) {
        onStorageLoss = table.word(
            "on-storage-loss",
            default: .stay,
            among: [("stay", StorageLossPolicy.stay), ("fence", .fence)]
        )
        onEvenPartition = table.word(
            "on-even-partition",
            default: .hold,
            among: [("hold", EvenPartitionPolicy.hold), ("tie-break", .tieBreak)]
        )
        if case .text("never")? = table.value("storage-loss-limit") {
            storageLossLimit = .forever
        } else {
            storageLossLimit =
                table.timeSpan(
                    "storage-loss-limit",
                    in: TimeSpan.seconds(10)...TimeSpan.seconds(7 * 86_400),
                    "or \"never\"; a shorter one would fence a host for what its peers can carry"
                ) ?? .forever
        }
        removalLimit = table.integer(
            "removal-limit",
            default: 3,
            in: 0...100,
            "removals within an hour before the host stays out; 0 turns it off"
        )
        selfFenceLimit = table.integer(
            "self-fence-limit",
            default: 3,
            in: 0...100,
            "self-fences in a row before the host stays out; 0 turns it off"
        )
        table.close()
    }
}

extension PathSettings {
    init(reading table: ConfigReader) {
        stateDirectory = table.path("state-directory", default: stateDirectory)
        runDirectory = table.path("run-directory", default: runDirectory)
        let longest = runDirectory.utf8.count + "/holdfastd.sock".utf8.count
        if longest > 107 {
            table.complain(
                "run-directory",
                "is too long: a Unix socket's path has at most 107 bytes, this gives \(longest)"
            )
        }
        table.close()
    }
}

extension ManagerSettings {
    init(reading table: ConfigReader) {
        driver = table.word("driver", default: .process, among: Driver.allCases.map { ($0.rawValue, $0) })
        guestDirectory = table.path("guest-directory", default: guestDirectory)
        if let text = table.text("memory") {
            memoryBytes = UnitText.bytes(text)
            if memoryBytes == nil {
                table.complain("memory", "must be a size such as \"512 MiB\" or \"4 GiB\"")
            }
        }
        table.close()
    }
}
