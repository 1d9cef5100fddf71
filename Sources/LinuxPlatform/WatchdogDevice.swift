import CLinux
public import LivesetEngine
public import PoolModel

/// An open `/dev/watchdogN`: armed from its opening on, until a permit disarms it or it resets the host.
///
/// Dropping the value closes the descriptor *without* the magic character, so the device stays armed:
/// whatever goes wrong, the host is reset ([SAFE-4]). Drivers for which that is not so are refused ([TIME-1],
/// [LEASE-2]). See Documentation/watchdog/watchdog-api.rst of the kernel.
public struct WatchdogDevice: ~Copyable, Sendable {
    private let descriptor: Descriptor
    private let isTimeMeasured: Bool
    /// What it is.
    public private(set) var facts: WatchdogFacts

    private init(descriptor: consuming Descriptor, facts: WatchdogFacts, isTimeMeasured: Bool) {
        self.descriptor = descriptor
        self.facts = facts
        self.isTimeMeasured = isTimeMeasured
    }

    /// Opens, thereby arms and feeds, the device; sets the timeout and reads it back.
    ///
    /// What can be known from sysfs is checked before the opening; a device that is refused after it is
    /// closed with the magic character, so that the refusal does not reset the host where the driver allows
    /// that.
    public static func open(
        _ path: String,
        timeout: TimeSpan,
        allowSoftdog: Bool,
        pretimeout: TimeSpan = .zero,
        isTimeMeasured: Bool = false
    ) throws(WatchdogError) -> WatchdogDevice {
        let kernel = WatchdogSysfs(path)
        let wanted = wholeSeconds(timeout)
        if WatchdogDriver.of(kernel.identity ?? "") == .softdog, !allowSoftdog {
            throw .softdogNotAllowed(path: path)
        }
        let known = isTimeMeasured ? nil : WatchdogDriver.of(kernel.identity ?? "")
        let likely = known?.secondsToAsk(forSeconds: wanted) ?? wanted
        if let objection = kernel.objection(to: likely, path: path) { throw objection }
        let descriptor: Descriptor
        do throws(SystemError) {
            descriptor = try Descriptor.open(path, .write)
        } catch {
            throw error.code == 16 ? .busy(path: path) : .cannotOpen(error)
        }
        do throws(WatchdogError) {
            var facts = try read(descriptor, path, hasNoWayOut: kernel.hasNoWayOut)
            if facts.isSoftdog, !allowSoftdog { throw .softdogNotAllowed(path: path) }
            guard closesByMagic(facts) || facts.hasNoWayOut == true else {
                throw .closingDisarms(path: path, identity: facts.identity)
            }
            let driver = isTimeMeasured ? nil : facts.driver
            let asked = driver?.secondsToAsk(forSeconds: wanted) ?? wanted
            facts.timeoutSeconds = try setTimeout(descriptor, path, seconds: asked)
            facts.countdown = countdown(driver, ofSeconds: facts.timeoutSeconds)
            if pretimeout > .zero {
                facts.pretimeoutSeconds = setPretimeout(descriptor, wholeSeconds(pretimeout))
            }
            // Opening arms a device, but for those that start with their first feed (ipmi_watchdog).
            let fed = hf_watchdog_feed(descriptor.number)
            guard fed == 0 else {
                throw .noWatchdog(SystemError("ioctl(WDIOC_KEEPALIVE)", path, result: fed))
            }
            return WatchdogDevice(descriptor: descriptor, facts: facts, isTimeMeasured: isTimeMeasured)
        } catch {
            _ = writeMagic(descriptor)
            throw error
        }
    }

    /// Takes over a descriptor that outlived a former daemon, without feeding it ([LEASE-2]).
    public static func adopt(
        _ descriptor: consuming Descriptor,
        path: String,
        isTimeMeasured: Bool = false
    ) throws(WatchdogError) -> WatchdogDevice {
        do throws(WatchdogError) {
            var facts = try read(descriptor, path, hasNoWayOut: WatchdogSysfs(path).hasNoWayOut)
            let driver = isTimeMeasured ? nil : facts.driver
            facts.countdown = countdown(driver, ofSeconds: facts.timeoutSeconds)
            return WatchdogDevice(descriptor: descriptor, facts: facts, isTimeMeasured: isTimeMeasured)
        } catch {
            if case .noWatchdog(let cause) = error { throw .notInherited(cause) }
            throw error
        }
    }

    private static func wholeSeconds(_ span: TimeSpan) -> Int32 {
        Int32(clamping: (span.nanoseconds + 999_999_999) / 1_000_000_000)
    }

    private static func closesByMagic(_ facts: WatchdogFacts) -> Bool {
        facts.options & UInt32(HF_WATCHDOG_MAGICCLOSE) != 0 || facts.driver?.hasUntoldMagicClose == true
    }

    private static func countdown(_ driver: WatchdogDriver?, ofSeconds seconds: Int32) -> TimeSpan {
        .seconds(driver?.countdown(ofSeconds: seconds) ?? Double(seconds))
    }

    /// W as it counts: the timeout read back, with what the driver is known to add.
    public var timeout: TimeSpan { facts.countdown }

    /// The descriptor's number, to be kept in systemd's fd store.
    public var descriptorNumber: Int32 { descriptor.number }

    /// Restarts the countdown; false when it failed.
    ///
    /// The corresponding C function is `ioctl(WDIOC_KEEPALIVE)`.
    public borrowing func feed() -> Bool { hf_watchdog_feed(descriptor.number) == 0 }

    /// The timeout as it stands now, set anew.
    ///
    /// The corresponding C function is `ioctl(WDIOC_SETTIMEOUT)`.
    public mutating func setTimeout(_ timeout: TimeSpan) throws(WatchdogError) -> TimeSpan {
        let wanted = WatchdogDevice.wholeSeconds(timeout)
        let driver = isTimeMeasured ? nil : facts.driver
        let asked = driver?.secondsToAsk(forSeconds: wanted) ?? wanted
        facts.timeoutSeconds = try WatchdogDevice.setTimeout(descriptor, facts.path, seconds: asked)
        facts.countdown = WatchdogDevice.countdown(driver, ofSeconds: facts.timeoutSeconds)
        return facts.countdown
    }

    /// Writes the magic character.
    ///
    /// With *nowayout* the kernel ignores it and the device stays armed, so this fails.
    ///
    /// The caller then drops the value, which closes the device; or, where this failed, keeps it and goes on
    /// feeding.
    public borrowing func disarm(_ permit: consuming DisarmPermit) throws(WatchdogError) {
        if facts.hasNoWayOut == true || !WatchdogDevice.closesByMagic(facts) {
            throw .cannotDisarm(SystemError(call: "close", subject: "\(facts.path) (nowayout)", code: 1))
        }
        let result = WatchdogDevice.writeMagic(descriptor)
        guard result == 1 else { throw .cannotDisarm(SystemError("write", facts.path, result: result)) }
    }

    private static func writeMagic(_ descriptor: borrowing Descriptor) -> Int {
        var magic = UInt8(ascii: "V")
        // One byte is read from `magic`.
        return unsafe hf_write(descriptor.number, &magic, 1)
    }

    private static func read(
        _ descriptor: borrowing Descriptor,
        _ path: String,
        hasNoWayOut: Bool?
    ) throws(WatchdogError) -> WatchdogFacts {
        var information = hf_watchdog_info()
        // Fills in the structure of the size it has.
        let support = unsafe hf_watchdog_support(descriptor.number, &information)
        guard support == 0 else {
            throw .noWatchdog(SystemError("ioctl(WDIOC_GETSUPPORT)", path, result: support))
        }
        var seconds: Int32 = 0
        let result = unsafe hf_watchdog_timeout(descriptor.number, &seconds)
        guard result == 0 else {
            throw .noWatchdog(SystemError("ioctl(WDIOC_GETTIMEOUT)", path, result: result))
        }
        var pretimeout: Int32 = 0
        let hasPretimeout = unsafe hf_watchdog_pretimeout(descriptor.number, &pretimeout) == 0
        var bits: Int32 = 0
        let hasStatus = unsafe hf_watchdog_boot_status(descriptor.number, &bits) == 0
        // The 33 characters end with 0.
        let identity = unsafe withUnsafeBytes(of: information.identity) { raw in
            unsafe String(decoding: raw.prefix { $0 != 0 }, as: UTF8.self)
        }
        return WatchdogFacts(
            path: path,
            identity: identity,
            options: information.options,
            timeoutSeconds: seconds,
            countdown: .seconds(Double(seconds)),
            pretimeoutSeconds: hasPretimeout ? pretimeout : nil,
            hasNoWayOut: hasNoWayOut,
            causedLastReset: hasStatus && bits & Int32(HF_WATCHDOG_CARDRESET) != 0
        )
    }

    /// Has the device warn the kernel before its timeout; what it took, nil where it cannot.
    private static func setPretimeout(_ descriptor: borrowing Descriptor, _ seconds: Int32) -> Int32? {
        var value = seconds
        guard unsafe hf_watchdog_set_pretimeout(descriptor.number, &value) == 0 else { return nil }
        var found: Int32 = 0
        return unsafe hf_watchdog_pretimeout(descriptor.number, &found) == 0 ? found : nil
    }

    private static func setTimeout(
        _ descriptor: borrowing Descriptor,
        _ path: String,
        seconds: Int32
    ) throws(WatchdogError) -> Int32 {
        var value = seconds
        let set = unsafe hf_watchdog_set_timeout(descriptor.number, &value)
        guard set == 0 else {
            throw .timeoutRefused(SystemError("ioctl(WDIOC_SETTIMEOUT)", path, result: set), seconds: seconds)
        }
        var found: Int32 = 0
        let get = unsafe hf_watchdog_timeout(descriptor.number, &found)
        guard get == 0 else {
            throw .timeoutRefused(SystemError("ioctl(WDIOC_GETTIMEOUT)", path, result: get), seconds: seconds)
        }
        return found
    }
}
