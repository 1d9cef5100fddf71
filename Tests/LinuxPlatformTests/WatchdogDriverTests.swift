import PoolModel
import Testing

@testable import LinuxPlatform

@Suite("What is known of watchdog drivers")
struct WatchdogDriverTests {
    private func driver(_ identity: String) throws -> WatchdogDriver {
        try #require(WatchdogDriver.of(identity))
    }

    @Test("every driver is found by each of its names, and no two share one")
    func namesAreUnique() {
        let names = WatchdogDriver.all.flatMap(\.identities)
        #expect(Set(names).count == names.count)
        for known in WatchdogDriver.all {
            for name in known.identities { #expect(WatchdogDriver.of(name) == known) }
        }
        #expect(WatchdogDriver.of("something else") == nil)
    }

    @Test(
        "a driver that is late by less than the allowance is asked for W itself",
        arguments: [2, 4, 15] as [Int32]
    )
    func smallLatenessIsCovered(seconds: Int32) throws {
        let card = try driver("i6300ESB timer")
        #expect(card.secondsToAsk(forSeconds: seconds) == seconds)
        #expect(card.countdown(ofSeconds: seconds) == Double(seconds))
    }

    @Test(
        "whatever is asked of a late driver, two countdowns fit two W and the allowance",
        arguments: 1...310 as ClosedRange<Int32>
    )
    func twoCountdownsFit(wanted: Int32) {
        for known in WatchdogDriver.all {
            let asked = known.secondsToAsk(forSeconds: wanted)
            let real = Double(asked) * known.stretch
            #expect(2 * real <= 2 * Double(wanted) + 1, "\(known.module), W = \(wanted)")
            // What D counts with is never less than what the device takes, the allowance aside.
            #expect(2 * real <= 2 * known.countdown(ofSeconds: asked) + 1, "\(known.module), W = \(wanted)")
        }
    }

    @Test("the Intel chip that resets on its second expiry is asked for half of W")
    func secondExpiry() throws {
        let chip = try driver("iTCO_wdt")
        #expect(chip.secondsToAsk(forSeconds: 15) == 7)
        #expect(chip.countdown(ofSeconds: 7) == 14)
    }

    @Test("the management controller disarms by the magic character, whatever its option bits say")
    func untoldMagicClose() throws {
        #expect(try driver("IPMI").hasUntoldMagicClose)
        #expect(!WatchdogDriver.softdog.hasUntoldMagicClose)
    }
}

@Suite("How a host is stopped by sysrq")
struct SystemFireTests {
    @Test("a reset is 'b', whether guests are stopped or not")
    func reset() {
        for stopped in [true, false] {
            #expect(SystemFire.command(.reset, guestsStopped: stopped, isFirst: true) == UInt8(ascii: "b"))
        }
    }

    @Test("the orderly power-off is used only once every guest is stopped, and given up for a reset")
    func powerOff() {
        #expect(SystemFire.command(.powerOff, guestsStopped: true, isFirst: true) == UInt8(ascii: "o"))
        #expect(SystemFire.command(.powerOff, guestsStopped: false, isFirst: true) == UInt8(ascii: "b"))
        #expect(SystemFire.command(.powerOff, guestsStopped: true, isFirst: false) == UInt8(ascii: "b"))
    }

    @Test("a crash dump is tried once, then the host is reset")
    func crashDump() {
        #expect(SystemFire.command(.crashDump, guestsStopped: false, isFirst: true) == UInt8(ascii: "c"))
        #expect(SystemFire.command(.crashDump, guestsStopped: false, isFirst: false) == UInt8(ascii: "b"))
    }
}

@Suite("Who holds a device")
struct WatchdogHolderTests {
    @Test("a process that has the device open is found, by its name")
    func findsThisProcess() throws {
        // Any character device that only this process has open serves: a terminal of its own.
        let descriptor = try Descriptor.open("/dev/ptmx", [.read, .write])
        let found = WatchdogHolder.all(of: "/dev/ptmx").map(\.process)
        let own = SmallFile.firstLine(of: "/proc/self/stat")?.split(separator: " ").first.flatMap {
            Int32($0)
        }
        let isOpen = descriptor.number >= 0
        #expect(isOpen && own.map { found.contains($0) } == true)
    }

    @Test("nobody holds what is no device")
    func nothingToHold() {
        #expect(WatchdogHolder.all(of: "/etc/passwd").isEmpty)
        #expect(WatchdogHolder.all(of: "/nonexistent").isEmpty)
    }

    @Test("a holder that is known says what to do about it")
    func hints() {
        #expect(WatchdogHolder(process: 1, name: "systemd").description.contains("RuntimeWatchdogSec=off"))
        #expect(WatchdogHolder(process: 7, name: "thing").description == "thing (process 7)")
    }
}
