import NodeRuntime
import PoolModel
import RuntimeFakes

@testable import LivesetEngine

/// A fence loop over fake hardware, with its thread's sleeping done by hand: fast timing, W = 2 s, q = 0.5 s.
struct FenceBench: ~Copyable {
    let time = FakeTime()
    let hardware: FencingHardware
    let link: FenceLink
    let fenceWaker = CountingWaker()
    let engineWaker = CountingWaker()
    let stopWaker = CountingWaker()
    var loop: FenceLoop<FakeClock, FakeWatchdog, FakeTrigger>
    let start: MonotonicInstant

    init() {
        hardware = FencingHardware(time)
        start = time.now
        link = FenceLink(fence: fenceWaker, engine: engineWaker, guestStopper: stopWaker)
        loop = FenceLoop(
            link: link,
            clock: FakeClock(time),
            watchdog: FakeWatchdog(hardware),
            trigger: FakeTrigger(hardware),
            timing: Timing(.fast)
        )
    }

    /// Opens the watchdog and gives a lease of so long.
    mutating func arm(lease: TimeSpan) {
        link.command(.open(timeout: .seconds(2)))
        _ = loop.turn()
        link.renew(until: time.now + lease)
    }

    /// Sleeps and turns as the fence thread does, until `span` has passed or the host was reset.
    mutating func run(for span: TimeSpan) {
        let end = time.now + span
        while time.now < end, hardware.fireCount == 0 {
            let next = loop.turn()
            guard hardware.fireCount == 0 else { return }
            time.now = min(max(next, time.now + .milliseconds(1)), end)
        }
    }

    /// How long after the start something was.
    func offset(_ instant: MonotonicInstant?) -> TimeSpan? { instant.map { $0 - start } }
}
