public import PoolModel

/// What Holdfast knows of a watchdog driver beyond what the driver tells (docs/WATCHDOGS.md, with the
/// sources).
public struct WatchdogDriver: Sendable, Hashable {
    /// The kernel module.
    public let module: String
    /// The names that it gives itself in WDIOC_GETSUPPORT.
    public let identities: [String]
    /// The least timeout that it takes, in seconds.
    public let leastSeconds: Int32
    /// Disarms on the magic character only, although its option bits do not say so.
    public let hasUntoldMagicClose: Bool
    /// How much longer than its timeout it counts, as a factor.
    public let stretch: Double
    /// What to know before it is relied on; a sentence.
    public let remark: String

    private init(
        _ module: String,
        _ identities: [String],
        least: Int32,
        hasUntoldMagicClose: Bool = false,
        stretch: Double = 1,
        _ remark: String
    ) {
        self.module = module
        self.identities = identities
        leastSeconds = least
        self.hasUntoldMagicClose = hasUntoldMagicClose
        self.stretch = stretch
        self.remark = remark
    }

    /// The kernel's software watchdog.
    public static let softdog = WatchdogDriver(
        "softdog",
        ["Software Watchdog"],
        least: 1,
        "a kernel that hangs or panics is not reset; set kernel.panic to a few seconds"
    )

    /// The drivers that are known.
    public static let all = [
        WatchdogDriver(
            "i6300esb",
            ["i6300ESB timer"],
            least: 1,
            stretch: 1.024,
            "counts in milliseconds of 1/1024 s, so W takes 2.4 % longer"
        ),
        WatchdogDriver(
            "iTCO_wdt",
            ["iTCO_wdt"],
            least: 3,
            stretch: 2,
            "where firmware leaves its interrupt alone, the chip resets on its second expiry, after twice W,"
                + " and firmware may forbid the reset (NO_REBOOT): measure it with 'holdfast watchdog test',"
                + " then set fencing.watchdog-time-measured = true"
        ),
        WatchdogDriver(
            "ipmi_watchdog",
            ["IPMI"],
            least: 1,
            hasUntoldMagicClose: true,
            "the timer starts with the first feed; after a kernel panic the reset comes after panic_wdt_timeout"
                + " (255 s): load it with panic_wdt_timeout=10 and action=reset"
        ),
        WatchdogDriver(
            "hpwdt",
            ["HPE iLO2+ HW Watchdog Timer", "HP iLO2+ HW Watchdog Timer"],
            least: 1,
            "an NMI comes 9 s before the timeout where W is above 9 s, and panics the host: load it with pretimeout=0"
        ),
        WatchdogDriver(
            "sp5100_tco",
            ["SP5100 TCO timer"],
            least: 1,
            "some boards disable it in firmware; measure it with 'holdfast watchdog test'"
        ),
        WatchdogDriver(
            "xen_wdt",
            ["xen_wdt", "wdt"],
            least: 1,
            "Xen resets or destroys the domain: in dom0 the whole host"
        ),
        softdog,
    ]

    /// The driver that calls itself so; nil for one that is not known.
    public static func of(_ identity: String) -> WatchdogDriver? {
        all.first { $0.identities.contains(identity) }
    }

    /// What D allows for between the end of a countdown and the reset, in seconds (`Timing.resetDelay`).
    private static let allowance = 1.0

    /// Whether two countdowns of so many seconds ([TIME-1]) are later than the allowance covers, with
    /// some room.
    private func isLate(_ seconds: Int32) -> Bool {
        Double(seconds) * (stretch - 1) * 2 > WatchdogDriver.allowance * 0.75
    }

    /// The timeout to ask for, so that a countdown takes no longer than the wanted seconds and the allowance.
    func secondsToAsk(forSeconds wanted: Int32) -> Int32 {
        isLate(wanted) ? Int32(Double(wanted) / stretch) : wanted
    }

    /// How long a countdown with this timeout may take, the allowance aside: what D has to count with.
    func countdown(ofSeconds seconds: Int32) -> Double {
        isLate(seconds) ? Double(seconds) * stretch : Double(seconds)
    }

    /// The timeout to ask of a driver that is late, for a countdown of `wanted`.
    public func secondsToAsk(for wanted: TimeSpan) -> TimeSpan {
        let seconds = Int32(clamping: (wanted.nanoseconds + 999_999_999) / 1_000_000_000)
        return .seconds(Double(secondsToAsk(forSeconds: seconds)))
    }
}
