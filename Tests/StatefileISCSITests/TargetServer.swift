import Glibc
import LinuxPlatform
import PoolModel
import StatefileISCSI
import StatefileMedium
import Synchronization

/// A real target of a test's own: Debian's tgtd in a network namespace, with two links to this one.
///
/// Everything has the test process's number in its name, and goes away with this object; tgtd also when the
/// thread that started it is gone.
final class TargetServer {
    /// Why there can be none on this machine; nil when there can.
    static let obstacle: String? = {
        if getuid() != 0 { return "root is needed for a network namespace" }
        for program in ["/usr/sbin/tgtd", "/usr/sbin/tgtadm", "/usr/bin/setpriv", "/usr/sbin/ip"]
        where unsafe access(program, X_OK) != 0 {
            return "\(program) is missing: scripts/install-deps.sh installs it"
        }
        return nil
    }()

    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// Distinct numbers for namespaces, links and addresses of the servers of one process.
    private static let number: Int = Int(getpid()) % 200 * 80
    private static let serial = SerialNumbers()

    let target = "iqn.2026-01.invalid.holdfast:test"
    private let id: Int
    private let name: String
    private let folder: String
    private var process: ChildProcess?

    /// The addresses of the server's two portals.
    var hosts: [String] { (0..<2).map { address($0, 2) } }

    /// An address in the network of a link: 198.18.0.0/15 is set aside for tests of devices.
    private func address(_ link: Int, _ host: Int) -> String {
        let offset = id * 8 + link * 4 + host
        return "198.\(18 + offset >> 16).\(offset >> 8 & 0xFF).\(offset & 0xFF)"
    }

    /// Makes the namespace and its links, and starts the server.
    init() throws {
        id = TargetServer.number + TargetServer.serial.next() % 80
        name = "hft\(getpid())x\(id)"
        folder = "/tmp/holdfast-target-\(name)"
        guard unsafe mkdir(folder, 0o700) == 0 else { throw Failure(description: "no folder \(folder)") }
        try run("/usr/sbin/ip", ["netns", "add", name])
        for link in 0..<2 {
            let (here, there) = (linkName(link), "eth\(link)")
            try run(
                "/usr/sbin/ip",
                ["link", "add", here, "type", "veth", "peer", "name", there, "netns", name]
            )
            try run("/usr/sbin/ip", ["addr", "add", "\(address(link, 1))/30", "dev", here])
            try run("/usr/sbin/ip", ["link", "set", here, "up"])
            try run("/usr/sbin/ip", ["-n", name, "addr", "add", "\(hosts[link])/30", "dev", there])
            try run("/usr/sbin/ip", ["-n", name, "link", "set", there, "up"])
        }
        try run("/usr/sbin/ip", ["-n", name, "link", "set", "lo", "up"])
        try start()
    }

    deinit {
        kill()
        _ = try? run("/usr/sbin/ip", ["netns", "del", name])
        for link in 0..<2 { _ = try? run("/usr/sbin/ip", ["link", "del", linkName(link)]) }
        _ = try? run("/bin/rm", ["-rf", folder])
    }

    private func linkName(_ link: Int) -> String { "hft\(id)l\(link)" }

    // MARK: the server

    /// Starts tgtd with one target; units are added by `addUnit`.
    func start() throws {
        _ = unsafe mkdir("/var/run/tgtd", 0o755)
        process = try ChildProcess.start(
            "/usr/bin/setpriv",
            [
                "--pdeathsig", "KILL", "ip", "netns", "exec", name, "tgtd", "-f", "-C", "\(control)",
                "--iscsi",
                "portal=0.0.0.0:3260",
            ]
        )
        let deadline = BootClock().now() + .seconds(10)
        while (try? administer(["--mode", "sys", "--op", "show"])) == nil {
            guard BootClock().now() < deadline else { throw Failure(description: "tgtd does not start") }
            pause(.milliseconds(20))
        }
        try administer(["--mode", "target", "--op", "new", "--tid", "1", "-T", target])
        try administer(["--mode", "target", "--op", "bind", "--tid", "1", "-I", "ALL"])
        for unit in units { try attach(unit) }
    }

    private struct Unit {
        let lun: Int
        let file: String
        let serial: String
    }
    private var units: [Unit] = []
    private var control: Int { 1_000 + id }

    /// A logical unit over a new file of zeros.
    func addUnit(lun: Int, byteCount: Int, serial: String) throws {
        let unit = Unit(lun: lun, file: "\(folder)/lun\(lun)", serial: serial)
        try run("/usr/bin/truncate", ["-s", "\(byteCount)", unit.file])
        units.append(unit)
        try attach(unit)
    }

    private func attach(_ unit: Unit) throws {
        let lun = "\(unit.lun)"
        try administer(["--mode", "logicalunit", "--op", "new", "--tid", "1", "--lun", lun, "-b", unit.file])
        try update(lun, "scsi_sn=\(unit.serial),scsi_id=\(unit.serial)")
    }

    private func update(_ lun: String, _ parameters: String) throws {
        try administer(
            ["--mode", "logicalunit", "--op", "update", "--tid", "1", "--lun", lun, "--params", parameters]
        )
    }

    /// The unit says from now on that it is write-protected.
    func protect(lun: Int) throws { try update("\(lun)", "readonly=1") }

    /// Starts it with another unit in the place of this one, as a storage administrator may by mistake.
    func start(insteadOf lun: Int, serial: String) throws {
        units = units.map { $0.lun == lun ? Unit(lun: lun, file: $0.file, serial: serial) : $0 }
        try start()
    }

    /// Only who knows this secret may log in.
    func requireSecret(user: String, secret: String) throws {
        try administer(["--mode", "account", "--op", "new", "--user", user, "--password", secret])
        try administer(["--mode", "account", "--op", "bind", "--tid", "1", "--user", user])
    }

    /// The target proves itself with this secret.
    func answer(user: String, secret: String) throws {
        try administer(["--mode", "account", "--op", "new", "--user", user, "--password", secret])
        try administer(["--mode", "account", "--op", "bind", "--tid", "1", "--user", user, "--outgoing"])
    }

    /// Ends the server at once; its connections are reset.
    func kill() {
        process?.signal(SIGKILL)
        _ = process?.ending(deadline: BootClock().now() + .seconds(5))
        process = nil
    }

    /// Stops it between two instructions.
    func freeze() { process?.signal(SIGSTOP) }
    /// Lets it go on.
    func thaw() { process?.signal(SIGCONT) }

    // MARK: the links

    /// Pulls the cable of one link, or plugs it in.
    func setLink(_ link: Int, isUp: Bool) throws {
        try run("/usr/sbin/ip", ["-n", name, "link", "set", "eth\(link)", isUp ? "up" : "down"])
    }

    /// The server's end of a link throws every packet away: no answer, no refusal.
    func dropEverything(on link: Int) throws {
        try run("/usr/sbin/ip", ["-n", name, "addr", "del", "\(hosts[link])/30", "dev", "eth\(link)"])
    }

    /// Bytes that this end of a link sent and received so far, with all headers.
    func wireBytes(_ link: Int) throws -> (sent: Int, received: Int) {
        func count(_ name: String) -> Int? {
            SmallFile.firstLine(of: "/sys/class/net/\(linkName(link))/statistics/\(name)").flatMap { Int($0) }
        }
        guard let sent = count("tx_bytes"), let received = count("rx_bytes") else {
            throw Failure(description: "the link has no statistics")
        }
        return (sent, received)
    }

    /// The bytes of the unit's file.
    func content(lun: Int, at offset: Int, count: Int) throws -> [UInt8] {
        let number = unsafe open("\(folder)/lun\(lun)", O_RDONLY)
        guard number >= 0 else { throw Failure(description: "the unit's file is gone") }
        defer { close(number) }
        var bytes = [UInt8](repeating: 0, count: count)
        let got = unsafe bytes.withUnsafeMutableBytes {
            unsafe pread(number, $0.baseAddress, count, off_t(offset))
        }
        guard got == count else { throw Failure(description: "the unit's file is short") }
        return bytes
    }

    // MARK: helpers

    /// An address with these portals.
    func address(portals: [String], lun: Int = 1, user: String? = nil) throws -> ISCSIAddress {
        let text = "iscsi://\(user.map { "\($0)@" } ?? "")\(portals.joined(separator: ","))/\(target)/\(lun)"
        guard case .iscsi(let address) = try StatefileAddress(text) else {
            throw Failure(description: "no address of iSCSI: \(text)")
        }
        return address
    }

    @discardableResult
    func administer(_ arguments: [String]) throws -> Bool {
        try run("/usr/sbin/tgtadm", ["-C", "\(control)", "--lld", "iscsi"] + arguments)
    }

    @discardableResult
    private func run(_ program: String, _ arguments: [String]) throws -> Bool {
        let child = try ChildProcess.start(program, arguments)
        guard child.ending(deadline: BootClock().now() + .seconds(20)) == .exited(status: 0) else {
            throw Failure(description: "\(program) \(arguments.joined(separator: " ")) failed")
        }
        return true
    }
}

/// Numbers that no two ask for get alike.
final class SerialNumbers: Sendable {
    private let value = Atomic<Int>(0)
    func next() -> Int { value.wrappingAdd(1, ordering: .relaxed).oldValue }
}

/// Waits; tests of real servers take real time.
func pause(_ span: TimeSpan) { BootClock().sleep(until: BootClock().now() + span) }
