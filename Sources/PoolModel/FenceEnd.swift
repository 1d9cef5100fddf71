/// What a host that fences itself does in the end.
public enum FenceEnd: UInt8, BitwiseCopyable, Sendable, CaseIterable {
    /// It resets and boots again.
    case reset = 0
    /// It switches itself off once every guest is proved stopped, and resets where that is not proved.
    case powerOff = 1
    /// It panics, so that a crash kernel writes a dump; without one loaded it resets.
    case crashDump = 2
}
