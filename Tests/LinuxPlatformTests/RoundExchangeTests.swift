import LinuxPlatform
import NodeRuntime
import PoolModel
import RuntimeFakes
import Testing

@Suite struct RoundExchangeTests {
    @Test func handsRoundsToAnotherThreadAndBack() throws {
        let storageWaker = try Waker()
        let engineWaker = try Waker()
        let exchange = RoundExchange(hostCount: 2, storage: storageWaker, engine: engineWaker)
        let thread = try PlatformThread.start(name: "test-storage") {
            while !exchange.isStopped {
                _ = storageWaker.wait(until: BootClock().now() + .seconds(1))
                _ = exchange.serve { request, result in
                    result.id = request.id
                    result.slotsRead = true
                }
            }
        }
        var rounds = EngineSideOfRounds(exchange)
        for id in 1...1000 as ClosedRange<UInt64> {
            #expect(rounds.completed() == nil)
            rounds.start(RoundRequest(id: id))
            while rounds.completed() == nil { _ = engineWaker.wait(until: BootClock().now() + .seconds(1)) }
            #expect(rounds.completed()?.id == id)
            rounds.release()
        }
        exchange.stop()
        thread.join()
    }

    @Test func servesNothingWhenNothingWasStarted() {
        let exchange = RoundExchange(hostCount: 1, storage: CountingWaker(), engine: CountingWaker())
        #expect(!exchange.serve { _, _ in Issue.record("there is no round") })
    }
}
