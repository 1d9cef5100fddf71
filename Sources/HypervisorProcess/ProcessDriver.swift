import FoundationEssentials
import Glibc
public import HypervisorAPI
import LinuxPlatform
public import PoolModel

/// A hypervisor whose machines are processes of this host.
///
/// A guest runs in its own session and, where `guest-cgroup` is set, in a cgroup of its own below it, so that
/// it goes on when the manager ends and is found again by its runtime file. A start is parked first: a shell
/// inside the cgroup stops itself (SIGSTOP) before it executes the guest's program; only with the daemon's
/// permit and a current lease it is continued. A shell that is left parked never executes anything: it is
/// killed at the next start of the manager.
public final class ProcessDriver: HypervisorDriver {
    /// What the driver is told.
    public struct Settings: Sendable {
        /// This host's name, for the guests.
        public var host: String
        /// The present boot; guests of another one are never adopted.
        public var boot: String
        /// Where runtime files and logs are.
        public var directory: String
        /// The cgroup v2 directory below which guests run; nil for none.
        public var guestCgroup: String?
        /// Memory of this host for guests.
        public var totalMiB: Int

        /// The settings with these values.
        public init(host: String, boot: String, directory: String, guestCgroup: String?, totalMiB: Int) {
            self.host = host
            self.boot = boot
            self.directory = directory
            self.guestCgroup = guestCgroup
            self.totalMiB = totalMiB
        }
    }

    private let settings: Settings
    private let files: RuntimeFiles
    private let clock = BootClock()
    private var running: [String: RunningProcess] = [:]
    private var endings: [GuestEnd] = []

    /// How long a parked shell may take to park.
    private static let parkingLimit = TimeSpan.seconds(5)
    private static let parkedName = "holdfast-parked-guest"
    /// The manager may be spared by the kernel's memory killer; its guests are ordinary processes.
    private static let parkingScript =
        "{ echo 0 > /proc/self/oom_score_adj; } 2> /dev/null; cd / && kill -STOP $$ && exec \"$@\""

    /// A driver that has not looked around yet.
    public init(_ settings: Settings) {
        self.settings = settings
        files = RuntimeFiles(directory: settings.directory)
    }

    /// What it is.
    public var summary: String {
        let group =
            settings.guestCgroup.map { "below \($0)" } ?? "without a cgroup: their end cannot be proved"
        return
            "process driver, \(settings.totalMiB) MiB for guests, runtime files in \(settings.directory),"
            + " guests \(group)"
    }

    /// As configured.
    public var totalMiB: Int { settings.totalMiB }

    // MARK: Adopting

    /// Finds the guests of a former run; what is left of an earlier boot is killed.
    public func adopt() throws(HypervisorError) -> [String] {
        if let group = settings.guestCgroup, !FileManager.default.fileExists(atPath: group + "/cgroup.procs")
        {
            throw .unusable(
                "guest-cgroup = \(group) is no cgroup v2 directory; create it, or mend [fencing] guest-cgroup"
            )
        }
        do {
            try FileManager.default.createDirectory(
                atPath: settings.directory,
                withIntermediateDirectories: true
            )
        } catch {
            throw .unusable("the guest directory \(settings.directory) cannot be created")
        }
        var sentences: [String] = []
        for name in try files.names() { sentences.append(try adopt(name)) }
        return sentences
    }

    private func adopt(_ name: String) throws(HypervisorError) -> String {
        let cgroup = existingCgroup(name)
        guard let record = files.read(name) else {
            guard let cgroup else {
                throw .unusable(
                    "the runtime file \(settings.directory)/\(name).guest is damaged, and without a guest-cgroup"
                        + " nothing tells whether '\(name)' runs; make sure that it does not, then remove the file"
                )
            }
            try? cgroup.kill()
            files.remove(name)
            return "the runtime file of '\(name)' is damaged: whatever ran in its cgroup is stopped"
        }
        let process = RunningProcess(record, cgroup: cgroup, child: nil)
        let isAlive = record.identity.isRunning
        guard record.boot == settings.boot else {
            // Another boot counts its processes anew: only one that says itself who it is may be killed.
            let isOurs = isAlive && record.identity.shows("HOLDFAST_GUEST=\(name)", in: "environ")
            if isOurs { process.kill() } else if let cgroup { try? cgroup.kill() }
            files.remove(name)
            return "'\(name)' was started in an earlier boot: "
                + (isOurs ? "process \(record.identity.pid) is stopped" : "nothing of it runs")
        }
        running[name] = process
        guard isAlive else {
            return "'\(name)' (process \(record.identity.pid)) ended while no manager watched"
        }
        // Stopped: one that was let go a moment ago may still show the shell's name.
        if ProcessIdentity.state(of: record.identity.pid)?.letter == "T",
            record.identity.shows(ProcessDriver.parkedName, in: "cmdline")
        {
            process.kill()
            return "'\(name)' was parked by a former manager and never let go: it is stopped"
        }
        return "'\(name)' runs on as process \(record.identity.pid), order \(record.intent)"
    }

    // MARK: Listing

    /// Every guest of which something may still run.
    public func guests() -> [Guest] {
        running.values.sorted { $0.record.name < $1.record.name }.map { process in
            Guest(
                name: process.record.name,
                state: process.state,
                memoryMiB: process.record.memoryMiB,
                intent: process.record.intent,
                incarnation: process.record.incarnation,
                detail: "pid \(process.record.identity.pid)"
            )
        }
    }

    /// The guests that are gone since the last call.
    public func ended() -> [GuestEnd] {
        let now = clock.now()
        for (name, process) in running {
            guard let text = process.ending(now: now) else { continue }
            running[name] = nil
            files.remove(name)
            endings.append(
                GuestEnd(
                    name: name,
                    intent: process.record.intent,
                    wasStopped: process.wasStopped,
                    ran: now - process.record.startedAt,
                    text: text
                )
            )
        }
        defer { endings = [] }
        return endings
    }

    // MARK: Stopping

    /// SIGTERM to the guest's session, SIGKILL after `grace`.
    public func stop(_ name: String, grace: TimeSpan) throws(HypervisorError) {
        running[name]?.stop(deadline: clock.now() + grace)
    }

    /// SIGKILL to everything of the guest.
    public func kill(_ name: String) throws(HypervisorError) { running[name]?.kill() }

    // MARK: Starting

    /// Parks the guest, asks for the permit, and lets it go while the lease is current.
    ///
    /// Takes some 10 ms.
    public func start(_ order: GuestOrder, permit: () throws(StartRefusal) -> MonotonicInstant)
        throws(HypervisorError)
    {
        if let process = running[order.name] {
            throw .stillRuns(name: order.name, detail: "process \(process.record.identity.pid)")
        }
        let definition = try GuestDefinition(order, host: settings.host)
        let cgroup = try makeCgroup(order.name)
        let child = RunningProcess.ChildHolder(try park(order, definition, cgroup))
        do throws(HypervisorError) {
            let record = try register(order, child)
            try permitted(order.name, permit)
            child.process.signal(SIGCONT)
            running[order.name] = RunningProcess(record, cgroup: cgroup, child: child)
        } catch {
            abandon(order.name, child, cgroup)
            throw error
        }
    }

    private func park(
        _ order: GuestOrder,
        _ definition: GuestDefinition,
        _ cgroup: GuestCgroup?
    ) throws(HypervisorError) -> ChildProcess {
        do throws(SystemError) {
            let log = try Descriptor.open(files.freshLog(order.name), [.write, .create, .truncate])
            return try ChildProcess.start(
                "/bin/sh",
                ["-c", ProcessDriver.parkingScript, ProcessDriver.parkedName] + definition.command,
                environment: definition.variables(order, host: settings.host),
                output: log.number,
                errors: log.number,
                cgroup: cgroup?.path,
                inNewSession: true
            )
        } catch {
            throw .failed(name: order.name, reason: "its process could not be started: \(error)")
        }
    }

    /// Waits until the shell has parked, and writes down who it is; from then on no manager forgets it.
    private func register(
        _ order: GuestOrder,
        _ child: RunningProcess.ChildHolder
    ) throws(HypervisorError) -> RuntimeRecord {
        let begun = clock.now()
        var state = ProcessIdentity.state(of: child.process.pid)
        while state?.letter != "T" {
            guard state != nil, state?.letter != "Z", clock.now() - begun < ProcessDriver.parkingLimit else {
                throw .failed(name: order.name, reason: "its process ended or hung before it was let go")
            }
            clock.sleep(until: clock.now() + .milliseconds(1))
            state = ProcessIdentity.state(of: child.process.pid)
        }
        let identity = ProcessIdentity(pid: child.process.pid, startTicks: state?.startTicks ?? 0)
        let record = RuntimeRecord(
            name: order.name,
            boot: settings.boot,
            identity: identity,
            intent: order.intent,
            incarnation: order.incarnation,
            memoryMiB: order.memoryMiB,
            startedAt: begun
        )
        do throws(OwnFileError) {
            try files.write(record)
        } catch {
            throw .failed(name: order.name, reason: "its runtime file: \(error)")
        }
        return record
    }

    /// The daemon's word, and the clock, looked at as the last thing before the guest is let go.
    private func permitted(
        _ name: String,
        _ permit: () throws(StartRefusal) -> MonotonicInstant
    ) throws(HypervisorError) {
        let lease: MonotonicInstant
        do throws(StartRefusal) { lease = try permit() } catch { throw .notPermitted(error.description) }
        let now = clock.now()
        guard now < lease else {
            throw .notPermitted(
                "the lease of this host ended \(now - lease) before '\(name)' could be let go"
            )
        }
    }

    private func abandon(_ name: String, _ child: RunningProcess.ChildHolder, _ cgroup: GuestCgroup?) {
        child.process.signal(SIGKILL)
        if let cgroup { try? cgroup.kill() }
        _ = child.process.ending(deadline: clock.now() + .seconds(1))
        files.remove(name)
    }

    // MARK: Cgroups

    private func cgroupPath(_ name: String) -> String? { settings.guestCgroup.map { "\($0)/\(name)" } }

    private func existingCgroup(_ name: String) -> GuestCgroup? {
        guard let path = cgroupPath(name), FileManager.default.fileExists(atPath: path + "/cgroup.procs")
        else { return nil }
        return GuestCgroup(path: path)
    }

    /// The guest's own cgroup, empty; it stays when the guest is gone, for it costs nothing and is used
    /// again.
    private func makeCgroup(_ name: String) throws(HypervisorError) -> GuestCgroup? {
        guard let path = cgroupPath(name) else { return nil }
        do {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        } catch {
            throw .failed(name: name, reason: "its cgroup \(path) could not be made")
        }
        let cgroup = GuestCgroup(path: path)
        let isPopulated: Bool
        do throws(SystemError) {
            isPopulated = try cgroup.isPopulated()
            if isPopulated { try cgroup.kill() }
        } catch {
            throw .failed(name: name, reason: "its cgroup \(path): \(error)")
        }
        guard !isPopulated else {
            throw .stillRuns(name: name, detail: "processes are left in \(path); they are being stopped")
        }
        return cgroup
    }
}
