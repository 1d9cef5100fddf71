import ByteFormat
import HeartbeatWire
import MessageAuthentication
import PoolModel
import Testing

@Suite("The gate before the engine")
struct HeartbeatGateTests {
    @Test("the copies of a heartbeat over other networks are duplicates, not replays")
    func duplicates() throws {
        var bench = try GateBench()
        for sequence in UInt64(1)...100 {
            let datagram = bench.datagram(sequence: sequence)
            #expect(bench.admit(datagram) == .accepted)
            for _ in 0..<3 { #expect(bench.admit(datagram) == .duplicate(HostIndex(1))) }
        }
        #expect(bench.gate.counters.accepted == 100)
        #expect(bench.gate.counters.duplicates == 300)
        for cause in RejectionCause.allCases { #expect(bench.gate.counters[cause] == 0) }
    }

    @Test("a network that lags brings duplicates up to 64 heartbeats back, and replays beyond")
    func window() throws {
        var bench = try GateBench()
        for sequence in UInt64(1)...100 { _ = bench.admit(bench.datagram(sequence: sequence)) }
        #expect(bench.admit(bench.datagram(sequence: 37)) == .duplicate(HostIndex(1)))
        #expect(bench.admit(bench.datagram(sequence: 36)) == .rejected(.replayed))
        #expect(bench.admit(bench.datagram(sequence: 110)) == .accepted)
        #expect(bench.admit(bench.datagram(sequence: 105)) == .rejected(.overtaken))
        #expect(bench.admit(bench.datagram(sequence: 105)) == .duplicate(HostIndex(1)))
        #expect(bench.admit(bench.datagram(sequence: 1000)) == .accepted)
        #expect(bench.admit(bench.datagram(sequence: 999)) == .rejected(.overtaken))
        #expect(bench.admit(bench.datagram(sequence: 110)) == .rejected(.replayed))
    }

    @Test("each cause before the message code is told exactly, and costs no code")
    func cheapCauses() throws {
        var bench = try GateBench()
        let good = bench.datagram(sequence: 1)
        func changed(_ offset: Int, _ value: UInt8) -> [UInt8] {
            var copy = good
            copy[offset] = value
            return copy
        }
        #expect(bench.admit([]) == .rejected(.tooShort))
        #expect(bench.admit(Array(good[0..<100])) == .rejected(.tooShort))
        #expect(bench.admit(good + [UInt8](repeating: 0, count: 400)) == .rejected(.tooLong))
        #expect(bench.admit(changed(0, 0)) == .rejected(.wrongMagic))
        #expect(bench.admit(changed(6, 2)) == .rejected(.newerFormat))
        #expect(bench.admit(changed(4, 0)) == .rejected(.newerFormat))
        #expect(bench.admit(changed(8, 1)) == .rejected(.otherGeneration))
        #expect(bench.admit(changed(24, 3)) == .rejected(.unknownSender))
        #expect(bench.admit(changed(24, 255)) == .rejected(.unknownSender))
        #expect(bench.admit(changed(24, 0)) == .rejected(.ownSender))
        #expect(bench.admit(good, from: HostIndex(2)) == .rejected(.otherAddress))
        #expect(bench.admit(changed(24, 2), from: HostIndex(2)) == .rejected(.wrongCode))
        #expect(bench.admit(good, from: HostIndex(1)) == .accepted)
        let counters = bench.gate.counters
        #expect(counters[.tooShort] == 2)
        #expect(counters[.newerFormat] == 2)
        #expect(counters[.unknownSender] == 2)
        #expect(counters[.wrongCode] == 1)
    }

    @Test("authentic nonsense is refused and changes nothing")
    func wrongContent() throws {
        var bench = try GateBench()
        let good = bench.datagram(sequence: 9)
        // phase, host count, sign of D, spare bits of the echo kinds
        for (offset, value) in [(25, 99), (27, 4), (87, 0x80), (88, 0x40)] as [(Int, UInt8)] {
            var bad = good
            bad[offset] = value
            #expect(bench.admit(bench.sealed(bad)) == .rejected(.wrongContent), "offset \(offset)")
        }
        var longer = good
        longer.insert(0, at: good.count - 32)
        #expect(bench.admit(bench.sealed(longer)) == .rejected(.wrongContent))
        #expect(bench.admit(good) == .accepted)
    }

    @Test("a newer sender's additional fields are passed over")
    func newerSender() throws {
        var bench = try GateBench()
        var datagram = bench.datagram(sequence: 9)
        datagram.insert(contentsOf: [UInt8](repeating: 7, count: 500), at: datagram.count - 32)
        datagram[4] = 2
        #expect(bench.admit(bench.sealed(datagram)) == .accepted)
        #expect(bench.received.sequence == 9)
    }

    @Test("a lower incarnation number is dropped from the first heartbeat of a higher one on")
    func incarnations() throws {
        var bench = try GateBench()
        #expect(bench.admit(bench.datagram(number: 4, run: 1, sequence: 50, echo: 7)) == .accepted)
        #expect(bench.admit(bench.datagram(number: 5, run: 2, sequence: 1)) == .accepted)
        #expect(
            bench.admit(bench.datagram(number: 4, run: 1, sequence: 51, echo: 9))
                == .rejected(.lowerIncarnation)
        )
        #expect(bench.admit(bench.datagram(number: 5, run: 2, sequence: 2)) == .accepted)
        #expect(bench.gate.counters[.lowerIncarnation] == 1)
    }

    @Test("a restarted daemon is let in with its first echo, and its former run is refused from then on")
    func restart() throws {
        var bench = try GateBench()
        #expect(bench.admit(bench.datagram(run: 1, sequence: 1, echo: 10)) == .accepted)
        #expect(bench.admit(bench.datagram(run: 2, sequence: 1)) == .rejected(.unconfirmedRun))
        #expect(bench.admit(bench.datagram(run: 1, sequence: 2, echo: 11)) == .accepted)
        #expect(bench.admit(bench.datagram(run: 2, sequence: 2, echo: 12)) == .accepted)
        #expect(bench.admit(bench.datagram(run: 1, sequence: 3, echo: 13)) == .rejected(.formerRun))
        #expect(bench.admit(bench.datagram(run: 2, sequence: 3)) == .accepted)
    }

    @Test("a run forgotten after many restarts stays refused: its echoes are too old")
    func forgottenRuns() throws {
        var bench = try GateBench()
        var replays: [[UInt8]] = []
        for run in UInt64(1)...10 {
            replays.append(bench.datagram(run: run, sequence: 9, echo: run * 10))
            #expect(bench.admit(bench.datagram(run: run, sequence: 1, echo: run * 10)) == .accepted)
        }
        #expect(bench.admit(replays[8]) == .rejected(.formerRun))
        for replay in replays[0..<6] { #expect(bench.admit(replay) == .rejected(.unconfirmedRun)) }
        #expect(bench.admit(bench.datagram(run: 10, sequence: 2)) == .accepted)
    }

    @Test(
        "replays from before this daemon's start cannot keep the living run out, not for longer than one echo"
    )
    func replaysAfterOwnRestart() throws {
        var bench = try GateBench()
        let formerNonce = RunNonce(0xDEAD)
        for run in UInt64(1)...6 {
            #expect(
                bench.admit(bench.datagram(run: run, sequence: 1, echo: 5, echoedRun: formerNonce))
                    == .accepted
            )
        }
        #expect(bench.admit(bench.datagram(run: 7, sequence: 100)) == .accepted)
        #expect(
            bench.admit(bench.datagram(run: 1, sequence: 2, echo: 6, echoedRun: formerNonce)) == .accepted
        )
        #expect(bench.admit(bench.datagram(run: 7, sequence: 101, echo: 1)) == .accepted)
        for run in UInt64(1)...6 {
            let verdict = bench.admit(bench.datagram(run: run, sequence: 3, echo: 7, echoedRun: formerNonce))
            #expect([.rejected(.formerRun), .rejected(.unconfirmedRun)].contains(verdict))
        }
        #expect(bench.admit(bench.datagram(run: 7, sequence: 102)) == .accepted)
    }

    @Test("two daemons that restart at once find each other")
    func bothRestart() throws {
        var bench = try GateBench()
        #expect(bench.admit(bench.datagram(run: 1, sequence: 1)) == .accepted)
        #expect(bench.admit(bench.datagram(run: 1, sequence: 2, echo: 1)) == .accepted)
        #expect(bench.admit(bench.datagram(run: 1, sequence: 3)) == .accepted)
    }

    @Test("both keys are taken while one is rotated, and the old one's use is counted")
    func rotation() throws {
        var bench = try GateBench()
        bench.verifier = HMACAuthenticator(current: try GateBench.key(2), previous: try GateBench.key(1))
        #expect(bench.admit(bench.datagram(sequence: 1)) == .accepted)
        #expect(bench.gate.counters.underPreviousKey == 1)
        bench.signer = HMACAuthenticator(current: try GateBench.key(2), previous: try GateBench.key(1))
        #expect(bench.admit(bench.datagram(sequence: 2)) == .accepted)
        #expect(bench.gate.counters.underPreviousKey == 1)
        bench.verifier = HMACAuthenticator(current: try GateBench.key(3))
        #expect(bench.admit(bench.datagram(sequence: 3)) == .rejected(.wrongCode))
    }

    @Test("peers are judged apart")
    func peers() throws {
        var bench = try GateBench()
        for row in 1...2 {
            var heartbeat = Heartbeat(
                sender: HostIndex(row),
                incarnation: Incarnation(number: IncarnationNumber(1), boot: BootID(1), nonce: RunNonce(1))
            )
            heartbeat.sequence = UInt64(10 - row)
            #expect(bench.admit(bench.datagram(heartbeat)) == .accepted)
        }
    }
}
