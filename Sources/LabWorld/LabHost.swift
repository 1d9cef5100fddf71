internal import LabPlatform

/// One host of a running lab, as the supervisor keeps it.
final class LabHost {
    enum Power: Equatable {
        case off
        case booting(due: Int64)
        case on(launcher: Int32)
    }

    let index: Int
    let name: String
    let paths: HostPaths
    let stop: HostStop
    let hardware: BenchProcess
    let disk: BenchProcess
    var power = Power.off
    var boot = ""
    var bootCount = 0
    var lastEnd: String?
    var lastEndAt: Int64?
    /// What its path to the storage is to do while it is on.
    var storage = DiskPath.healthy
    var isFrozen = false

    init(index: Int, plan: LabPlan, hardware: BenchProcess, disk: BenchProcess) {
        self.index = index
        name = "lab\(index)"
        paths = LabPaths(root: plan.directory).host(name)
        stop = HostStop(plan: plan, host: name)
        self.hardware = hardware
        self.disk = disk
    }

    var status: LabHostStatus {
        let word =
            switch power {
            case .off: "off"
            case .booting: "booting"
            case .on: "on"
            }
        return LabHostStatus(
            name: name,
            power: word,
            boot: boot,
            bootCount: bootCount,
            lastEnd: lastEnd,
            lastEndAt: lastEndAt,
            storage: storage.words,
            isFrozen: isFrozen
        )
    }
}
