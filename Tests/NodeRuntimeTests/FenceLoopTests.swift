import NodeRuntime
import PoolModel
import RuntimeFakes
import Testing

@testable import LivesetEngine

/// [TIME-1], [LEASE-2], [LEASE-3] and the ladder of section 5, on the fast profile: W = 2 s, q = 0.5 s.
@Suite struct FenceLoopTests {
    @Test func neitherFeedsNorFencesBeforeTheFirstLease() {
        var bench = FenceBench()
        bench.link.command(.open(timeout: .seconds(2)))
        bench.run(for: .seconds(1))
        #expect(bench.hardware.isOpen)
        #expect(bench.hardware.feedCount == 0)
        #expect(bench.hardware.fireCount == 0)
        #expect(bench.link.phase == .waiting)
    }

    @Test func answersTheOpeningWithTheReadBack() {
        var bench = FenceBench()
        bench.link.command(.open(timeout: .seconds(2)))
        _ = bench.loop.turn()
        guard case .watchdogOpened(let outcome) = bench.link.answers.pop() else {
            Issue.record("no answer")
            return
        }
        #expect(outcome == .opened(readBack: .seconds(2)))
        #expect(bench.engineWaker.count == 1)
    }

    @Test func answersAFailedOpening() {
        var bench = FenceBench()
        bench.hardware.openFails = true
        bench.link.command(.open(timeout: .seconds(2)))
        _ = bench.loop.turn()
        guard case .watchdogOpened(.failed) = bench.link.answers.pop() else {
            Issue.record("no answer, or another")
            return
        }
        #expect(bench.link.phase == .disarmed)
    }

    @Test func feedsEachFeedPeriodWhileTheLeaseIsCurrent() {
        var bench = FenceBench()
        bench.arm(lease: .seconds(60))
        bench.run(for: .seconds(10))
        #expect(bench.hardware.feedCount == 20)
        #expect(bench.link.phase == .feeding)
        #expect(bench.link.feedCount == 20)
        #expect(!bench.hardware.hasReset)
    }

    @Test func isWokenByTheFirstLeaseOnly() {
        var bench = FenceBench()
        bench.arm(lease: .seconds(4))
        let wakes = bench.fenceWaker.count
        bench.link.renew(until: bench.time.now + .seconds(5))
        #expect(bench.fenceWaker.count == wakes)
    }

    @Test func stopsFeedingAtTheEndOfTheLeaseAndFiresAfterTheLadder() {
        var bench = FenceBench()
        bench.arm(lease: .seconds(4))
        bench.run(for: .seconds(10))
        // W/2 and 1 s are the same on this profile.
        #expect(bench.offset(bench.hardware.firedAt) == .seconds(5))
        #expect(bench.offset(bench.hardware.lastFeed)! < .seconds(4))
        #expect(bench.link.fenceReason == .leaseExpired)
        #expect(bench.link.phase == .fired)
    }

    @Test func givesNoMoreThanHalfTheWatchdogTimeoutToTheLadder() {
        var bench = FenceBench()
        bench.link.command(.open(timeout: .seconds(1)))
        _ = bench.loop.turn()
        bench.link.renew(until: bench.time.now + .seconds(4))
        bench.run(for: .seconds(10))
        #expect(bench.offset(bench.hardware.firedAt) == .seconds(4.5))
    }

    @Test func aLeaseThatGrowsKeepsTheHostUp() {
        var bench = FenceBench()
        bench.arm(lease: .seconds(4))
        for _ in 0..<20 {
            bench.run(for: .seconds(1))
            bench.link.renew(until: bench.time.now + .seconds(4))
        }
        #expect(bench.hardware.fireCount == 0)
        #expect(!bench.hardware.hasReset)
    }

    @Test func aStallBetweenCheckAndFeedResetsTheHostAtOnce() {
        var bench = FenceBench()
        bench.arm(lease: .seconds(60))
        bench.run(for: .seconds(2))
        bench.hardware.feedDuration = .milliseconds(501)
        bench.run(for: .seconds(2))
        #expect(bench.offset(bench.hardware.firedAt) == .seconds(2.501))
        #expect(bench.link.fenceReason == .stalledFeed)
    }

    @Test func aFeedOfJustTheFeedPeriodIsNoStall() {
        var bench = FenceBench()
        bench.arm(lease: .seconds(60))
        bench.hardware.feedDuration = .milliseconds(500)
        bench.run(for: .seconds(10))
        #expect(bench.hardware.fireCount == 0)
    }

    @Test func aFrozenHostThatThawsAfterItsLeaseNeverFeedsAgain() {
        var bench = FenceBench()
        bench.arm(lease: .seconds(4))
        bench.run(for: .seconds(3))
        let feeds = bench.hardware.feedCount
        bench.time.advance(.seconds(30))
        bench.run(for: .seconds(5))
        #expect(bench.hardware.feedCount == feeds)
        #expect(bench.hardware.fireCount == 1)
        #expect(bench.link.lateTurnCount >= 1)
    }

    @Test func aLatchedFenceIsNotTakenBackByALease() {
        var bench = FenceBench()
        bench.arm(lease: .seconds(4))
        bench.run(for: .seconds(4.2))
        #expect(bench.link.phase == .fencing)
        #expect(!bench.link.renew(until: bench.time.now + .seconds(60)))
        bench.run(for: .seconds(2))
        #expect(bench.hardware.fireCount == 1)
    }

    @Test func theEnginesSelfFenceStopsTheFeedingAndWakesTheGuestStopper() {
        var bench = FenceBench()
        bench.arm(lease: .seconds(60))
        bench.run(for: .seconds(1.1))
        let feeds = bench.hardware.feedCount
        bench.link.fence(.removedFromView)
        #expect(bench.stopWaker.count == 1)
        #expect(bench.link.isGuestStopOrdered)
        bench.run(for: .seconds(5))
        #expect(bench.hardware.feedCount == feeds)
        #expect(bench.offset(bench.hardware.firedAt) == .seconds(2.1))
        #expect(bench.link.fenceReason == .removedFromView)
    }

    @Test func aLeaseEndThatOnlyTheLoopSawDoesNotStopGuests() {
        var bench = FenceBench()
        bench.arm(lease: .seconds(4))
        bench.run(for: .seconds(4.5))
        #expect(bench.link.phase == .fencing)
        #expect(!bench.link.isGuestStopOrdered)
        #expect(bench.stopWaker.count == 0)
    }

    @Test func fireResetsTheHostWithoutALadder() {
        var bench = FenceBench()
        bench.arm(lease: .seconds(60))
        bench.run(for: .seconds(1))
        bench.link.fence(.operatorRequest)
        bench.link.fire()
        _ = bench.loop.turn()
        #expect(bench.offset(bench.hardware.firedAt) == .seconds(1))
    }

    @Test func firesAgainEachSecondAndNeverFeedsWhenFiringDoesNothing() {
        var bench = FenceBench()
        bench.arm(lease: .seconds(60))
        bench.link.fire()
        let feeds = bench.hardware.feedCount
        for _ in 0..<3 { bench.time.now = bench.loop.turn() }
        #expect(bench.hardware.fireCount == 3)
        #expect(bench.hardware.feedCount == feeds)
    }

    @Test func theOrderlyRebootWaitsForTheWatchdogThatItWouldStop() {
        var bench = FenceBench()
        bench.arm(lease: .seconds(1))
        bench.run(for: .seconds(5))
        let firedAt = bench.hardware.firedAt ?? .distantPast
        // The hardware here resets nothing: the loop goes on as long as it is let.
        for _ in 0..<20 {
            let next = bench.loop.turn()
            if let rebootedAt = bench.hardware.rebootedAt {
                #expect(rebootedAt - firedAt >= .seconds(2 + 0.5 + 1), "W + q + reset after the first fire")
                #expect(rebootedAt - firedAt <= .seconds(2 + 0.5 + 1 + 1), "and no more than a turn later")
                #expect(bench.hardware.hasReset, "a watchdog that works has reset the host long before")
                return
            }
            bench.time.now = next
        }
        Issue.record("the last resort never came")
    }

    @Test func theOrderlyRebootComesAtOnceWhereNoWatchdogIsOpen() {
        var bench = FenceBench()
        bench.link.fire()
        _ = bench.loop.turn()
        #expect(bench.hardware.fireCount == 1)
        #expect(bench.hardware.rebootedAt == bench.time.now)
    }

    @Test func theTriggerIsToldWhetherGuestsAreStopped() {
        var bench = FenceBench()
        bench.arm(lease: .seconds(60))
        bench.link.fence(.removedFromView)
        bench.run(for: .milliseconds(100))
        bench.link.noteGuestsStopped()
        bench.link.fire()
        _ = bench.loop.turn()
        #expect(bench.hardware.guestsWereStopped)
    }

    @Test func aFenceThatIsTakenBackForgetsThatGuestsWereStopped() {
        var bench = FenceBench()
        bench.arm(lease: .seconds(60))
        bench.link.fence(.leaseExpired)
        bench.link.noteGuestsStopped()
        _ = bench.loop.turn()
        bench.link.command(.disarm(DisarmPermit(.left)))
        _ = bench.loop.turn()
        #expect(!bench.link.areGuestsStopped)
    }

    @Test func anExpiryInEnablingIsAnsweredByADisarmWithinTheLadder() {
        var bench = FenceBench()
        bench.arm(lease: .seconds(4))
        bench.run(for: .seconds(4.2))
        #expect(bench.link.phase == .fencing)
        bench.link.command(.disarm(DisarmPermit(.enablingExpired)))
        bench.run(for: .seconds(10))
        #expect(bench.hardware.fireCount == 0)
        #expect(!bench.hardware.isOpen)
        #expect(bench.link.phase == .disarmed)
        #expect(bench.link.fenceReason == nil)
        #expect(bench.link.renew(until: bench.time.now + .seconds(4)))
    }

    @Test func nothingIsFedAfterADisarmUntilItIsOpenedAnew() {
        var bench = FenceBench()
        bench.arm(lease: .seconds(60))
        bench.run(for: .seconds(1))
        bench.link.command(.disarm(DisarmPermit(.left)))
        #expect(bench.link.lease == .none)
        bench.run(for: .seconds(5))
        let feeds = bench.hardware.feedCount
        bench.arm(lease: .seconds(60))
        bench.run(for: .seconds(1.1))
        #expect(bench.hardware.feedCount == feeds + 3)
    }

    @Test func aDeviceThatCannotBeDisarmedIsFedWithoutALease() {
        var bench = FenceBench()
        bench.hardware.hasNoWayOut = true
        bench.arm(lease: .seconds(60))
        bench.link.command(.disarm(DisarmPermit(.poolDisabled)))
        bench.run(for: .seconds(30))
        #expect(bench.link.phase == .unstoppable)
        #expect(!bench.hardware.hasReset)
        #expect(bench.hardware.fireCount == 0)
    }

    @Test func aDeviceThatTakesNoFoodFencesBeforeItsTimeout() {
        var bench = FenceBench()
        bench.arm(lease: .seconds(60))
        bench.run(for: .seconds(2))
        bench.hardware.feedFails = true
        bench.run(for: .seconds(10))
        #expect(bench.link.fenceReason == .watchdogUnavailable)
        // The last good feed at 1.5 s; no feed for W/2 = 1 s fences at 2.5 s; the ladder takes 1 s.
        // (The bench sleeps at least 1 ms between two turns.)
        #expect(bench.offset(bench.hardware.firedAt) == .seconds(3.501))
        #expect(bench.link.feedFailureCount > 1)
    }

    @Test func oneFailedFeedIsTriedAgainSoon() {
        var bench = FenceBench()
        bench.arm(lease: .seconds(60))
        bench.run(for: .seconds(2))
        bench.hardware.feedFails = true
        bench.run(for: .seconds(0.2))
        bench.hardware.feedFails = false
        bench.run(for: .seconds(20))
        #expect(bench.hardware.fireCount == 0)
    }

    @Test func aFenceLoopThatTakesNoCommandsIsFenced() {
        let bench = FenceBench()
        for _ in 0..<8 { bench.link.command(.open(timeout: .seconds(2))) }
        #expect(bench.link.fenceReason == nil)
        bench.link.command(.open(timeout: .seconds(2)))
        #expect(bench.link.fenceReason == .watchdogUnavailable)
        #expect(bench.link.refusedCommandCount == 1)
    }

    @Test func noOpeningWhileAFenceIsLatched() {
        var bench = FenceBench()
        bench.link.fence(.operatorRequest)
        bench.link.command(.open(timeout: .seconds(2)))
        _ = bench.loop.turn()
        #expect(!bench.hardware.isOpen)
    }

    /// Whatever the engine does and however late the thread runs, no feed follows a check that came after the
    /// lease.
    @Test(arguments: 0..<200) func neverFeedsOnALeaseThatIsOver(seed: Int) {
        var random = UInt64(seed) &* 0x9E37_79B9_7F4A_7C15 | 1
        func next(_ limit: UInt64) -> UInt64 {
            random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return (random >> 33) % limit
        }
        var bench = FenceBench()
        bench.arm(lease: .seconds(2))
        var leaseEnd = bench.time.now + .seconds(2)
        for _ in 0..<200 where bench.hardware.fireCount == 0 {
            if next(3) == 0 {
                let end = bench.time.now + .milliseconds(Int(next(3000)))
                if bench.link.renew(until: end) { leaseEnd = end }
            }
            let feeds = bench.hardware.feedCount
            let checkedAt = bench.time.now
            _ = bench.loop.turn()
            if bench.hardware.feedCount > feeds { #expect(checkedAt < leaseEnd, "seed \(seed)") }
            bench.time.advance(.milliseconds(Int(next(900))))
        }
    }
}
