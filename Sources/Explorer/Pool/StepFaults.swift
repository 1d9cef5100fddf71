import PoolModel

/// What goes otherwise than well in the step under way.
struct StepFaults {
    var lostLinks: UInt64 = 0
    var lateLinks: UInt64 = 0
    var writeFails = HostSet()
    var writeLate = HostSet()
    var readFails = HostSet()
    var held = HostSet()

    /// What deviates about rounds does so for the first round of the step.
    mutating func endFirstRound() {
        (writeFails, writeLate, readFails, held) = (HostSet(), HostSet(), HostSet(), HostSet())
    }
}
