import LinuxPlatform
import PoolModel
import Testing

@Suite struct CarrierWatchTests {
    private static func firstAnswer(_ watch: inout CarrierWatch) throws -> Bool? {
        var poller = try Poller(waker: try Waker())
        try poller.watch(watch.descriptor)
        let end = BootClock().now() + .seconds(10)
        while BootClock().now() < end {
            if let answer = watch.observe() { return answer }
            poller.wait(until: end)
        }
        return nil
    }

    @Test func theLoopbackInterfaceHasCarrier() throws {
        var watch = try CarrierWatch(ports: ["lo"])
        #expect(try Self.firstAnswer(&watch) == true)
        #expect(watch.observe() == nil)
        #expect((watch.hasCarrier(at: 0)) == true)
    }

    @Test func aPortThatIsNotThereHasNone() throws {
        var watch = try CarrierWatch(ports: ["lo", "holdfast-none"])
        #expect(try Self.firstAnswer(&watch) == false)
        #expect((watch.hasCarrier(at: 0)) == true)
        #expect((watch.hasCarrier(at: 1)) == false)
    }
}

@Suite struct WitnessProbeTests {
    private static func run(_ witness: String, source: String?, for span: TimeSpan) throws -> [Bool] {
        let address = try #require(SocketAddress(witness, defaultPort: 0))
        let from = source.flatMap { SocketAddress($0, defaultPort: 0) }
        let clock = BootClock()
        var probe = WitnessProbe([(address, from)], networkTimeout: .seconds(2), now: clock.now())
        var told: [Bool] = []
        let end = clock.now() + span
        while clock.now() < end {
            if let state = probe.turn(now: clock.now()) { told.append(state) }
            if told.last == true { break }
            probe.waitForWork(limit: .milliseconds(20))
        }
        return told
    }

    @Test(arguments: [("127.0.0.1", nil), ("127.0.30.1", "127.0.30.2"), ("::1", "::1")])
    func hearsAWitnessThatAnswers(witness: String, source: String?) throws {
        #expect(try Self.run(witness, source: source, for: .seconds(5)).last == true)
    }

    @Test func doesNotHearOneThatIsNotThere() throws {
        // 192.0.2.0/24 is for documentation (RFC 5737); from loopback nothing leaves this host.
        #expect(try Self.run("192.0.2.1", source: "127.0.0.1", for: .milliseconds(300)) == [false])
    }
}
