internal import CLab

/// The clocks of the lab: every record, event and log line of it carries CLOCK_BOOTTIME, which all hosts of
/// the lab share.
public enum LabClock {
    /// Nanoseconds of CLOCK_BOOTTIME.
    public static var now: Int64 { clab_boottime() }

    /// Nanoseconds since 1970, for people only.
    public static var wallTime: Int64 { clab_walltime() }

    /// Nanoseconds in a second.
    public static let second: Int64 = 1_000_000_000

    /// Nanoseconds in a millisecond.
    public static let millisecond: Int64 = 1_000_000
}
