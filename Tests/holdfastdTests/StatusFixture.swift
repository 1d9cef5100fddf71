import LivesetEngine
import PoolModel

/// A status as an engine of a pool of three gives it, to be changed by a test.
enum StatusFixture {
    static let now = MonotonicInstant(nanoseconds: 100_000_000_000)

    static func fresh() -> EngineStatus {
        let settings = EngineSettings(
            own: HostIndex(0),
            hostCount: 3,
            timing: Timing(.fast),
            largestD: .seconds(12)
        )
        let start = EngineStart(boot: BootID(0xB007), nonce: RunNonce(0x4E), persisted: nil)
        return Engine(settings: settings, start: start, now: now - .seconds(1)).status(now: now)
    }

    /// A member of an active view 5 with hosts 0 and 1, host 2 removed, host 1 its master under incarnation
    /// 4.
    static func member() -> EngineStatus {
        var status = fresh()
        var view = View(epoch: Epoch(5), state: .active)
        view.master = HostIndex(1)
        view.entries[HostIndex(0)] = ViewEntry(
            number: IncarnationNumber(3),
            standing: .member,
            reason: nil,
            removedIn: .zero
        )
        view.entries[HostIndex(1)] = ViewEntry(
            number: IncarnationNumber(4),
            standing: .member,
            reason: nil,
            removedIn: .zero
        )
        view.entries[HostIndex(2)] = ViewEntry(
            number: IncarnationNumber(9),
            standing: .removed,
            reason: .silent,
            removedIn: Epoch(5)
        )
        status.view = view
        status.phase = .member
        status.joinObstacle = nil
        status.liveset = HostSet(first: 3)
        status.leaseUntil = now + .seconds(3)
        status.leaseGround = .storage
        return status
    }
}
