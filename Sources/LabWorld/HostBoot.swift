/// One program that a host's first process keeps running.
public struct HostService: Codable, Sendable, Equatable {
    /// Its name in logs and faults: `holdfastd`, `holdfast-manager`.
    public var name: String
    /// The program.
    public var path: String
    /// Its arguments.
    public var arguments: [String]

    /// A program to keep running.
    public init(name: String, path: String, arguments: [String]) {
        self.name = name
        self.path = path
        self.arguments = arguments
    }
}

/// What a host is to boot: written by the supervisor, read by the launcher and by the host's first process.
public struct HostBoot: Codable, Sendable, Equatable {
    /// The host.
    public var host: String
    /// How it is fenced in.
    public var mode: LabMode
    /// The host's folder.
    public var folder: String
    /// The network namespace, in netns mode.
    public var networkNamespace: String?
    /// /proc/self/ns/pid of the machine: the host's first process refuses to run in it in netns mode.
    public var machinePidNamespace: String
    /// The daemon and the manager.
    public var services: [HostService]
    /// The library that shows the programs the host's own boot clock.
    public var clockLibrary: String
    /// How long after its end a program is started anew.
    public var restartMilliseconds: Int
}
