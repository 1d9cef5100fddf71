import LinuxPlatform
import LivesetEngine
import NodeRuntime
import PoolModel
import RuntimeFakes
import Testing

/// What can be tested without a watchdog; a real one's ioctls are tested in the lab, on its emulated device.
@Suite struct WatchdogDeviceTests {
    @Test func aDeviceThatIsNotThereSaysWhatToDo() {
        let error = #expect(throws: WatchdogError.self) {
            _ = try WatchdogDevice.open(
                "/dev/holdfast-no-watchdog",
                timeout: .seconds(2),
                allowSoftdog: false
            )
        }
        #expect(error?.description.contains("/dev/holdfast-no-watchdog") == true)
        #expect(error?.description.contains("fencing.watchdog") == true)
    }

    @Test func aFileThatIsNoWatchdogIsRefused() {
        let error = #expect(throws: WatchdogError.self) {
            _ = try WatchdogDevice.open("/dev/null", timeout: .seconds(2), allowSoftdog: true)
        }
        guard case .noWatchdog(let cause) = error else {
            Issue.record("another error: \(String(describing: error))")
            return
        }
        #expect(cause.name == "ENOTTY")
    }

    @Test func aDescriptorThatIsNoWatchdogIsNotAdopted() throws {
        let descriptor = try Descriptor.open("/dev/null", .write)
        let error = #expect(throws: WatchdogError.self) {
            _ = try WatchdogDevice.adopt(descriptor.duplicate(), path: "/dev/null")
        }
        guard case .notInherited = error else {
            Issue.record("another error: \(String(describing: error))")
            return
        }
    }

    @Test func thePortReportsWhyItFailed() {
        let report = WatchdogReport(bridge: CountingWaker())
        var port = LinuxWatchdogPort(path: "/dev/null", allowSoftdog: true, report: report)
        let outcome = port.open(timeout: .seconds(2))
        let isOpen = port.isOpen
        let isFed = port.feed()
        #expect(outcome == .failed)
        #expect(isOpen == false)
        #expect(isFed == false)
        #expect(report.current.error != nil)
    }

    @Test func firingWithoutASysrqFileIsSeen() {
        for path in [nil, "/nonexistent/sysrq"] {
            let trigger = SystemFire(sysrqPath: path)
            let hasSysrq = trigger.hasSysrq
            #expect(hasSysrq == false)
        }
    }
}
