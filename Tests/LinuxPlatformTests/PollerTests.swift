import LinuxPlatform
import NodeRuntime
import PoolModel
import Testing

@Suite struct PollerTests {
    private let clock = BootClock()

    @Test func wakesAtTheInstantAskedFor() throws {
        var poller = try Poller(waker: try Waker())
        let until = clock.now() + .milliseconds(30)
        poller.wait(until: until)
        #expect(clock.now() >= until)
        #expect(clock.now() - until < .seconds(2))
    }

    @Test func aWakeEndsTheWait() throws {
        let waker = try Waker()
        var poller = try Poller(waker: waker)
        let start = clock.now()
        waker.wake()
        waker.wake()
        poller.wait(until: start + .seconds(60))
        #expect(clock.now() - start < .seconds(10))
        // Both wakes are taken: the next wait lasts.
        poller.wait(until: clock.now() + .milliseconds(20))
        #expect(clock.now() - start >= .milliseconds(20))
    }

    @Test func aWakeFromAnotherThreadEndsTheWait() throws {
        let waker = try Waker()
        var poller = try Poller(waker: waker)
        let start = clock.now()
        let thread = try PlatformThread.start(name: "test-waker") {
            BootClock().sleep(until: BootClock().now() + .milliseconds(20))
            waker.wake()
        }
        poller.wait(until: start + .seconds(60))
        #expect(clock.now() - start < .seconds(10))
        thread.join()
    }

    @Test func aReadableDescriptorEndsTheWait() throws {
        var poller = try Poller(waker: try Waker())
        var transport = try UDPTransport([
            NetworkEndpoint(name: "a", bind: SocketAddress("127.0.20.1", defaultPort: 0)!, peers: [:])
        ])
        try poller.watch(transport.descriptor)
        let port = transport.boundPort(of: 0)!
        transport.setAddress(of: HostIndex(0), on: 0, to: SocketAddress("127.0.20.1", defaultPort: port)!)
        let outcome = transport.send([1].span, to: HostIndex(0), over: 0)
        #expect(outcome == .sent)
        let start = clock.now()
        poller.wait(until: start + .seconds(60))
        #expect(clock.now() - start < .seconds(10))
    }

    @Test func anInstantInThePastDoesNotWait() throws {
        var poller = try Poller(waker: try Waker())
        let start = clock.now()
        poller.wait(until: .distantPast)
        poller.wait(until: start)
        #expect(clock.now() - start < .seconds(5))
    }

    @Test func anOrdinaryThreadCanWaitForAWaker() throws {
        let waker = try Waker()
        #expect(!waker.wait(until: clock.now() + .milliseconds(10)))
        waker.wake()
        #expect(waker.wait(until: clock.now() + .seconds(60)))
        #expect(!waker.wait(until: .distantPast))
    }
}

@Suite struct PlatformThreadTests {
    @Test func tellsWhetherThePriorityWasGranted() throws {
        let thread = try PlatformThread.start(name: "test-realtime", priority: 5) {}
        thread.join()
        switch thread.realtime {
        case .granted(let priority): #expect(priority == 5)
        case .refused(_, let code): #expect(SystemError.name(of: code) == "EPERM")
        case .ordinary: Issue.record("a priority was asked for")
        }
    }

    @Test func runsItsBodyOnceAndEnds() throws {
        let waker = try Waker()
        let thread = try PlatformThread.start(name: "test-thread") { waker.wake() }
        thread.join()
        #expect(waker.wait(until: .distantPast))
        #expect(thread.realtime == .ordinary)
    }
}
