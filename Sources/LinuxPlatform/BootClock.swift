import CLinux
public import NodeRuntime
public import PoolModel

/// CLOCK_BOOTTIME: suspend counts, wall-clock steps do not.
///
/// The corresponding C function is `clock_gettime`, in the vDSO: no system call, no allocation.
public struct BootClock: HostClock, BitwiseCopyable, Sendable {
    /// The clock of this host.
    public init() {}

    /// The present instant.
    public func now() -> MonotonicInstant { MonotonicInstant(nanoseconds: hf_boot_clock()) }

    /// Sleeps until `instant`; only ordinary threads and tests do this.
    public func sleep(until instant: MonotonicInstant) { hf_sleep_until(instant.nanoseconds) }
}

/// The time of day, for records that outlive a boot and for people; never for a decision about a lease.
public enum WallClock {
    /// Nanoseconds since 1970-01-01 UTC.
    ///
    /// The corresponding C function is `clock_gettime(CLOCK_REALTIME)`.
    public static var nanosecondsSince1970: Int64 { hf_wall_clock() }
    /// Seconds since 1970-01-01 UTC.
    public static var secondsSince1970: Int64 { hf_wall_clock() / 1_000_000_000 }
}

/// Random bits from the kernel, for nonces and generations.
public enum KernelRandom {
    /// 64 random bits.
    ///
    /// The corresponding C function is `getrandom`; its failure on a booted kernel is a bug.
    public static func bits64() -> UInt64 {
        var value: UInt64 = 0
        // Fills exactly the bytes of `value`.
        let result = unsafe withUnsafeMutableBytes(of: &value) { unsafe hf_random($0.baseAddress, $0.count) }
        precondition(result == 0, "the kernel's random numbers are always there after boot")
        return value
    }

    /// 128 random bits.
    public static func bits128() -> UInt128 { UInt128(bits64()) << 64 | UInt128(bits64()) }
}
