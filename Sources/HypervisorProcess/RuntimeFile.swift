import FoundationEssentials
import HypervisorAPI
import LinuxPlatform
import PoolModel

/// What is kept on disk of a guest for as long as it runs, so that a new run of the manager finds it again.
struct RuntimeRecord: Hashable, Sendable {
    var name: String
    var boot: String
    var identity: ProcessIdentity
    var intent: String
    var incarnation: IncarnationNumber
    var memoryMiB: Int
    var startedAt: MonotonicInstant
}

/// The runtime files: one a guest, `NAME.guest` in the guest directory, written before the guest is let go.
struct RuntimeFiles {
    let directory: String

    private func file(_ name: String) -> OwnFile {
        OwnFile(directory: directory, name: name + ".guest", kind: "holdfast-guest 1")
    }

    /// The names of the guests that have a file.
    func names() throws(HypervisorError) -> [String] {
        do {
            let all = try FileManager.default.contentsOfDirectory(atPath: directory)
            return all.filter { $0.hasSuffix(".guest") && !$0.hasPrefix(".") }.map { String($0.dropLast(6)) }
                .sorted()
        } catch {
            throw .unusable("the guest directory \(directory) cannot be read; create it, for root only")
        }
    }

    /// Writes and syncs.
    func write(_ record: RuntimeRecord) throws(OwnFileError) {
        try file(record.name).write([
            ("name", record.name), ("boot", record.boot), ("pid", "\(record.identity.pid)"),
            ("start-ticks", "\(record.identity.startTicks)"), ("intent", record.intent),
            ("incarnation", "\(record.incarnation.rawValue)"), ("memory-mib", "\(record.memoryMiB)"),
            ("started-ns", "\(record.startedAt.nanoseconds)"),
        ])
    }

    /// Reads the file of `name`; nil when it is damaged or not there.
    func read(_ name: String) -> RuntimeRecord? {
        guard let pairs = try? file(name).read(), pairs["name"] == name, let boot = pairs["boot"],
            let intent = pairs["intent"], let pid = pairs["pid"].flatMap({ Int32($0) }), pid > 1,
            let ticks = pairs["start-ticks"].flatMap({ UInt64($0) }),
            let incarnation = pairs["incarnation"].flatMap({ UInt32($0) }),
            let memory = pairs["memory-mib"].flatMap({ Int($0) }),
            let started = pairs["started-ns"].flatMap({ Int64($0) })
        else { return nil }
        return RuntimeRecord(
            name: name,
            boot: boot,
            identity: ProcessIdentity(pid: pid, startTicks: ticks),
            intent: intent,
            incarnation: IncarnationNumber(incarnation),
            memoryMiB: memory,
            startedAt: MonotonicInstant(nanoseconds: started)
        )
    }

    /// Takes the file away; one that comes back after a crash only tells of a guest that has ended.
    func remove(_ name: String) { try? FileManager.default.removeItem(atPath: file(name).path) }

    /// Makes room for the log of a new start; the log of the last one is kept as `NAME.log.1`.
    func freshLog(_ name: String) -> String {
        let path = directory + "/" + name + ".log"
        try? FileManager.default.removeItem(atPath: path + ".1")
        try? FileManager.default.moveItem(atPath: path, toPath: path + ".1")
        return path
    }
}
