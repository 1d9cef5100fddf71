import LabPlatform
import LinuxPlatform
import PoolModel
import StatefileMedium
import StatefileNFS
import Synchronization

/// A real NFS server in a network namespace of its own, a client namespace, and one cable between them.
///
/// nfs-ganesha 4 with its VFS backend serves a folder below /tmp over NFSv3 (it registers with an rpcbind of
/// the same namespace). Nothing touches the machine's own network; servers are ended by pid, also when the
/// test process dies.
final class GaneshaBench: Sendable {
    /// How the folder is exported.
    struct Export: Sendable {
        var access = "RW"
        var squash = "None"
        var isThere = true
    }

    static let serverAddress = "10.91.7.1"
    static let clientAddress = "10.91.7.2"
    private static let ip = "/usr/sbin/ip"
    private static let ganesha = "/usr/bin/ganesha.nfsd"
    private static let rpcbind = "/usr/sbin/rpcbind"
    private static let unshare = "/usr/bin/unshare"

    /// What keeps such tests from running here; nil where they can.
    static let obstacle: String? = {
        guard Processes.isRoot else { return "not root" }
        for tool in [ip, ganesha, rpcbind, unshare] where !FileTree.isExecutable(tool) {
            return "\(tool) is not installed (scripts/install-deps.sh does it)"
        }
        let probe = "hfprobe\(Processes.ownPid)"
        guard (try? Processes.run(ip, ["netns", "add", probe])) != nil else {
            return "network namespaces cannot be made"
        }
        _ = try? Processes.run(ip, ["netns", "del", probe])
        return nil
    }()

    static var isPossible: Bool {
        if let obstacle { print("NFS server tests are skipped: \(obstacle)") }
        return obstacle == nil
    }

    let folder: String
    let client: NamespaceThread
    private let server: NamespaceThread
    private let serverSpace: String
    let clientSpace: String
    private let pids = Mutex<(rpcbind: Int32?, ganesha: Int32?)>((nil, nil))

    /// What the server exports.
    var exported: String { folder + "/export" }
    /// Where the client finds it, the portmapper asked for the ports.
    var address: NFSAddress { NFSAddress(server: GaneshaBench.serverAddress, path: exported) }

    init(_ export: Export = Export()) throws {
        let id = String(KernelRandom.bits64() % 0xffff_ffff, radix: 16)
        folder = "/tmp/holdfast-nfs-\(id)"
        (serverSpace, clientSpace) = ("hfs\(id)", "hfc\(id)")
        try FileTree.makeFolder(folder + "/export")
        for space in [serverSpace, clientSpace] {
            try Processes.run(GaneshaBench.ip, ["netns", "add", space])
            try Processes.run(GaneshaBench.ip, ["-n", space, "link", "set", "lo", "up"])
        }
        try Processes.run(
            GaneshaBench.ip,
            [
                "-n", serverSpace, "link", "add", "cable", "type", "veth", "peer", "name", "cable", "netns",
                clientSpace,
            ]
        )
        for (space, address) in [
            (serverSpace, GaneshaBench.serverAddress), (clientSpace, GaneshaBench.clientAddress),
        ] {
            try Processes.run(GaneshaBench.ip, ["-n", space, "addr", "add", address + "/24", "dev", "cable"])
            try Processes.run(GaneshaBench.ip, ["-n", space, "link", "set", "cable", "up"])
        }
        server = try NamespaceThread(namespace: serverSpace)
        client = try NamespaceThread(namespace: clientSpace)
        try startPortmapper()
        try start(export)
    }

    deinit {
        kill()
        if let pid = pids.withLock({ $0.rpcbind.take() }) {
            Processes.end(pid)
            _ = Processes.waitForEnd(of: pid)
        }
        client.end()
        server.end()
        for space in [serverSpace, clientSpace] {
            _ = try? Processes.run(GaneshaBench.ip, ["netns", "del", space])
        }
        FileTree.removeAll(folder)
    }

    private func startPortmapper() throws {
        // A /run of its own, so that its socket does not clash with the machine's; and a PID namespace whose
        // first process, unlike rpcbind, keeps its user and so the wish to end with this process.
        let command = "mount -t tmpfs none /run && \(GaneshaBench.rpcbind) -f & wait"
        let output = folder + "/rpcbind.log"
        let pid = try server.run {
            let log = try LabPlatform.Descriptor(path: output, flags: 0o1101)
            return try Processes.start(
                ProgramStart(
                    GaneshaBench.unshare,
                    ["-m", "-p", "-f", "--kill-child=KILL", "sh", "-c", command]
                ),
                output: log,
                errors: log
            )
        }
        pids.withLock { $0.rpcbind = pid }
    }

    /// Starts the server and waits until it answers.
    func start(_ export: Export = Export()) throws {
        let configuration = folder + "/ganesha.conf"
        try FileTree.write(text(export), to: configuration)
        let log = folder + "/ganesha.log"
        let pidFile = folder + "/ganesha.pid"
        let deadline = BootClock().now() + .seconds(20)
        while BootClock().now() < deadline {
            let pid = try server.run {
                let output = try LabPlatform.Descriptor(path: log + ".out", flags: 0o1101)
                return try Processes.start(
                    ProgramStart(
                        GaneshaBench.ganesha,
                        ["-F", "-f", configuration, "-L", log, "-p", pidFile, "-N", "EVENT"]
                    ),
                    output: output,
                    errors: output
                )
            }
            pids.withLock { $0.ganesha = pid }
            while BootClock().now() < deadline {
                if answers() { return }
                // Its portmapper may not have been up yet.
                if Processes.endIfOver(pid) != nil { break }
                LabPlatform.Poller.wait(for: 30)
            }
        }
        throw LabError("nfs-ganesha does not answer within 20 s; its log is \(log)")
    }

    /// Whether the server refuses or mounts, which both are answers.
    ///
    /// Asked from its own namespace, so that the client's thread may be the one that waits for it.
    private func answers() -> Bool {
        let address = address
        let answer = try? server.run {
            do throws(NFSError) {
                _ = try NFSSession.open(address, deadline: BootClock().now() + .seconds(1))
                return true
            } catch {
                if case .mountRefused = error { return true }
                return false
            }
        }
        return answer ?? false
    }

    private func text(_ export: Export) -> String {
        let block =
            """
            EXPORT { Export_Id = 1; Path = \(exported); Pseudo = /export; Protocols = 3; Transports = TCP;
              Access_Type = \(export.access); Squash = \(export.squash); SecType = sys; FSAL { Name = VFS; } }
            """
        return """
            NFS_CORE_PARAM { Protocols = 3; NFS_Port = 2049; MNT_Port = 20048; Enable_NLM = false;
              Enable_RQUOTA = false; Enable_UDP = false; }
            NFS_KRB5 { Active_krb5 = false; }
            DIRECTORY_SERVICES { DomainName = lab; Idmapping_Active = false; }
            LOG { Default_Log_Level = EVENT; }
            \(export.isThere ? block : "")

            """
    }

    /// Ends the server at once, as a crash does.
    func kill() {
        guard let pid = pids.withLock({ $0.ganesha.take() }) else { return }
        Processes.end(pid)
        _ = Processes.waitForEnd(of: pid)
    }

    /// Stops the server where it is (SIGSTOP).
    func freeze() { signal(19) }
    /// Lets it go on (SIGCONT).
    func thaw() { signal(18) }

    private func signal(_ number: Int32) {
        if let pid = pids.withLock({ $0.ganesha }) { Processes.signal(pid, number) }
    }

    /// Pulls the cable at the server's end; the client sees the carrier go.
    func pullCable() throws { try setCable("down") }
    /// Plugs it in again; packets flow about a second later.
    func plugCable() throws { try setCable("up") }

    private func setCable(_ state: String) throws {
        try Processes.run(GaneshaBench.ip, ["-n", serverSpace, "link", "set", "cable", state])
    }
}
