public import LabPlatform

/// A running lab, as commands talk to it.
public final class LabSession {
    /// Its plan.
    public let plan: LabPlan
    /// Where everything is.
    public let paths: LabPaths
    private let connection: LineConnection
    /// Kept open by a lab that shall end with this process.
    private let leash: Descriptor?

    /// The lab that runs in this folder.
    public init(directory: String) throws(LabError) {
        plan = try LabPlan.load(directory: directory)
        paths = LabPaths(root: directory)
        connection = try LabSession.connect(paths, directory)
        leash = nil
    }

    private init(plan: LabPlan, connection: LineConnection, leash: Descriptor?) {
        self.plan = plan
        paths = LabPaths(root: plan.directory)
        self.connection = connection
        self.leash = leash
    }

    private static func connect(_ paths: LabPaths, _ directory: String) throws(LabError) -> LineConnection {
        do {
            return try LineConnection(path: paths.control)
        } catch {
            throw LabError(
                "no lab runs in \(directory) (\(error)); 'holdfast-lab up' starts one, 'down' cleans up"
            )
        }
    }

    /// Asks and waits for the answer.
    @discardableResult
    public func ask(_ request: LabRequest) throws(LabError) -> LabReply {
        guard connection.send(LabJSON.line(request)), let line = connection.receiveLine(milliseconds: 60_000)
        else {
            throw LabError("the lab's supervisor does not answer; its log is \(paths.supervisorLog)")
        }
        let reply = try LabJSON.decode(LabReply.self, from: line)
        guard reply.ok else { throw LabError(reply.message) }
        return reply
    }

    /// Does one thing to the hosts; when it was done.
    @discardableResult
    public func apply(_ fault: LabFault) throws(LabError) -> Int64 {
        try ask(.fault(fault)).at
    }

    /// How everything is.
    public func status() throws(LabError) -> LabStatus {
        guard let status = try ask(.status).status else { throw LabError("the supervisor gave no status") }
        return status
    }

    /// Ends the lab and removes all of it; the folder stays where it is to be looked at.
    public func down(keepsFolder: Bool) {
        LabSession.down(directory: plan.directory, keepsFolder: keepsFolder)
        leash?.close()
    }

    /// Ends what runs in a folder, whether its supervisor lives or not.
    public static func down(directory: String, keepsFolder: Bool) {
        if let session = try? LabSession(directory: directory), (try? session.ask(.down)) != nil {
            for _ in 0..<500 where FileTree.exists(session.paths.control) { Poller.wait(for: 10) }
        }
        LabCleanup.sweep(directory: directory, keepsFolder: keepsFolder)
    }

    /// Builds and starts a lab.
    ///
    /// Leashed, it ends when this process does.
    public static func up(_ wanted: LabPlan, isLeashed: Bool) throws(LabError) -> LabSession {
        var plan = wanted
        try plan.check()
        try checkMachine(plan)
        if (try? LabSession(directory: plan.directory)) != nil {
            throw LabError(
                "lab '\(plan.id)' is up already in \(plan.directory); end it with 'holdfast-lab down --id "
                    + "\(plan.id)'"
            )
        }
        down(directory: plan.directory, keepsFolder: false)
        if plan.mode == .netns { plan.cgroup = try LabCgroup.folder(id: plan.id) }
        try LabFolder.make(plan)
        let paths = LabPaths(root: plan.directory)
        let log = try Descriptor(path: paths.supervisorLog, flags: OpenFlags.appendToLog)
        var start = ProgramStart(
            plan.binaries + "/holdfast-lab-host",
            [isLeashed ? "supervise-leashed" : "supervise", plan.directory]
        )
        start.hasOwnSession = true
        start.diesWithParent = false
        let pipe = try Descriptor.pipe()
        let pid = try Processes.start(start, input: isLeashed ? pipe.reading : nil, output: log, errors: log)
        pipe.reading.close()
        return try wait(for: plan, supervisor: pid, leash: isLeashed ? pipe.writing : nil)
    }

    private static func wait(
        for plan: LabPlan,
        supervisor: Int32,
        leash: Descriptor?
    ) throws(LabError) -> LabSession {
        let paths = LabPaths(root: plan.directory)
        for _ in 0..<1500 {
            if Processes.endIfOver(supervisor) != nil { break }
            if let connection = try? LineConnection(path: paths.control) {
                let session = LabSession(plan: plan, connection: connection, leash: leash)
                // The supervisor answers only once everything is built.
                if (try? session.status()) != nil { return session }
            }
            Poller.wait(for: 20)
        }
        let words = FileTree.text(paths.supervisorLog) ?? "it said nothing"
        down(directory: plan.directory, keepsFolder: true)
        throw LabError("the lab did not come up:\n\(words)")
    }

    private static func checkMachine(_ plan: LabPlan) throws(LabError) {
        for program in [
            "holdfastd", "holdfast-manager", "holdfast", "holdfast-lab-host", "holdfast-lab-guest",
        ]
        where !FileTree.isExecutable("\(plan.binaries)/\(program)") {
            throw LabError(
                "\(program) is not in \(plan.binaries): build everything ('make build') or name --binaries"
            )
        }
        guard FileTree.exists("\(plan.binaries)/\(HostClock.library)") else {
            throw LabError(
                "\(HostClock.library) is not in \(plan.binaries): without it no host can have a clock of its own; "
                    + "build everything ('make build')"
            )
        }
        guard FileTree.exists("/dev/fuse") else {
            throw LabError(
                "/dev/fuse is missing: the lab's watchdog and shared disk are FUSE files; try 'modprobe fuse'"
            )
        }
        guard FileTree.isWritable("/dev/fuse") else {
            throw LabError(
                "user \(Processes.userNumber) may not open /dev/fuse, which the lab's watchdog and shared "
                    + "disk need:"
                    + " use sudo, or permit it ('chmod 666 /dev/fuse')"
            )
        }
        guard plan.mode == .netns else { return }
        guard Processes.isRoot else {
            throw LabError("netns mode needs root, for namespaces and cgroups: use sudo, or --mode loopback")
        }
        _ = try Topology(NetworkPlan(plan))
    }
}
