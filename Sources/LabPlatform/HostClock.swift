internal import CLab

/// The boot clock that the programs of one host see: the machine's, at a rate of its own.
///
/// A page of shared memory tells the rate; the library, preloaded into the host's programs, shows the clock
/// accordingly. Changing the rate never makes the clock jump. The lab's own programs see the machine's clock.
public enum HostClock {
    /// The file name of the library that is preloaded.
    public static let library = "libholdfast-lab-clock.so"

    /// How far a clock may be off: what the protocol assumes (rho).
    public static let mostPartsPerMillion = 500

    /// Lets the clock of this page run so much too fast from now on (negative: too slow).
    ///
    /// The corresponding C function is `clab_clock_set`.
    public static func drift(_ page: String, partsPerMillion: Int) throws(LabError) {
        let outcome = unsafe clab_clock_set(page, Int64(partsPerMillion) * 1000)
        guard outcome == 0 else { throw LabError("set the clock in \(page)", errorNumber: outcome) }
    }
}
