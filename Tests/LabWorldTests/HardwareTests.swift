import LabPlatform
import Testing

@testable import LabWorld

@Suite(
    "The lab's hardware, as a process with a real device file",
    .enabled(if: Programs.canServe),
    .serialized
)
struct HardwareTests {
    /// Stands in for a host: its first process, which the hardware may end.
    private func host(_ lab: DiskLab, _ name: String) throws -> Int32 {
        let pid = try Processes.start(ProgramStart("/bin/sleep", ["60"]))
        try FileTree.write(
            "\(pid) \(Processes.startTicks(pid) ?? 0)\n",
            to: lab.plan.directory + "/\(name)/pid"
        )
        return pid
    }

    @Test("an unfed watchdog ends every process of its host at its timeout, and of no other host")
    func expiry() throws {
        let lab = try DiskLab("wd")
        let card = try lab.bench("hardware", "lab1")
        let (own, other) = (try host(lab, "lab1"), try host(lab, "lab2"))
        let path = lab.plan.directory + "/lab1/dev/watchdog"
        let device = try Descriptor(path: path, flags: OpenFlags.writeOnly)
        #expect(DeviceControl.call(device, 0xC004_5706, value: 1) == .success(1))
        #expect(throws: LabError.self) { try Descriptor(path: path, flags: OpenFlags.writeOnly) }
        for _ in 0..<5 {
            Poller.wait(for: 300)
            #expect(DeviceControl.call(device, 0x8004_5705, value: 0) == .success(0))
        }
        #expect(Processes.startTicks(own) != nil)
        device.close()
        let closed = LabClock.now
        #expect(Processes.waitForEnd(of: own) == .signalled(9))
        let lasted = Double(LabClock.now - closed) / 1e9
        #expect(lasted > 0.9 && lasted < 1.5, "it fired \(lasted) s after the last feed")
        #expect(card.takeEvents().contains("reset watchdog"))
        #expect(Processes.end(other) == 0)
        #expect(Processes.waitForEnd(of: other) == .signalled(9))
    }

    @Test("a magic close disarms the device, and b in the sysrq file resets at once")
    func magicAndSysrq() throws {
        let lab = try DiskLab("rq")
        let card = try lab.bench("hardware", "lab1")
        let own = try host(lab, "lab1")
        let device = try Descriptor(
            path: lab.plan.directory + "/lab1/dev/watchdog",
            flags: OpenFlags.writeOnly
        )
        #expect(DeviceControl.call(device, 0xC004_5706, value: 1) == .success(1))
        #expect(device.write(text: "V"))
        device.close()
        Poller.wait(for: 1300)
        #expect(Processes.startTicks(own) != nil)
        #expect(FileTree.poke(lab.plan.directory + "/lab1/dev/sysrq", "b") == 0)
        #expect(Processes.waitForEnd(of: own) == .signalled(9))
        #expect(card.takeEvents().suffix(1) == ["reset sysrq"])
    }
}
