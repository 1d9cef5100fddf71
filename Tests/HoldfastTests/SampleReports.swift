import AdminProtocol

/// Reports as a daemon of a healthy pool of three gives them.
enum SampleReports {
    /// lab1's own view: member of an active pool, armed, everyone hears everyone.
    static func healthy() -> StatusReport {
        var report = StatusReport()
        report.host = "lab1"
        report.generation = "01234567-89ab-4def-8123-456789abcdef"
        report.takenAtNanoseconds = 100_000_000_000
        report.phase = .member
        report.poolState = .active
        report.epoch = 4
        report.incarnation.number = 2
        report.members = names
        report.liveset = names
        report.master = "lab2"
        report.lease.ground = .storage
        report.lease.leftMilliseconds = 3600
        report.statefile.path = "/srv/statefile"
        report.statefile.isLive = true
        report.statefile.lastGoodRoundAgeMilliseconds = 200
        report.netOK = true
        report.fencing.isArmed = true
        report.fencing.path = "/dev/watchdog"
        report.fencing.timeoutMilliseconds = 2000
        report.timing.choice = "profile \"fast\""
        report.timing.graceMilliseconds = 4000
        report.timing.certainlyDeadMilliseconds = 11_009
        report.timing.largestCertainlyDeadMilliseconds = 11_009
        report.networks = [network()]
        report.hosts = names.indices.map { host($0) }
        return report
    }

    static let names = ["lab1", "lab2", "lab3"]

    private static func network() -> NetworkReport {
        var network = NetworkReport()
        network.name = "storage-a"
        network.bind = "10.77.0.1"
        network.isOpen = true
        network.interfaces = ["eth0": true]
        return network
    }

    private static func host(_ index: Int) -> HostReport {
        var host = HostReport()
        host.name = names[index]
        host.index = index
        host.isOwn = index == 0
        host.standing = .member
        host.isInLiveset = true
        host.phase = .member
        host.incarnation.number = 2
        host.epoch = 4
        host.heartbeatAgeMilliseconds = index == 0 ? nil : 100
        host.slotAgeMilliseconds = 300
        host.isHeard = true
        host.isStorageLive = true
        host.netOK = true
        host.hears = names.filter { $0 != names[index] }
        host.slotVerdict = .valid
        return host
    }
}
