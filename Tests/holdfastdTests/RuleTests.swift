import AdminProtocol
import LivesetEngine
import PoolModel
import Testing

@testable import holdfastd

@Suite struct RuleTests {
    private func refusal(
        _ command: PermitStartCommand,
        _ status: EngineStatus?,
        isFencing: Bool = false,
        later: TimeSpan = .zero
    ) -> String? {
        do throws(AdminFailure) {
            let now = StatusFixture.now + later
            _ = try PermitRule.decide(command, status: status, isFencing: isFencing, now: now)
            return nil
        } catch {
            return error.message
        }
    }

    @Test func aGuestMayStartOnTheActingMastersOrderUnderACurrentLease() throws {
        let permit = try PermitRule.decide(
            PermitStartCommand(epoch: 5, masterIncarnation: 4),
            status: StatusFixture.member(),
            isFencing: false,
            now: StatusFixture.now
        )
        #expect(permit.leaseUntilNanoseconds == 103_000_000_000)
    }

    @Test func everyOtherStateRefusesTheStart() {
        let good = PermitStartCommand(epoch: 5, masterIncarnation: 4)
        let member = StatusFixture.member()
        #expect(refusal(good, nil)?.contains("no engine yet") == true)
        #expect(refusal(good, member, isFencing: true)?.contains("stopping itself") == true)
        #expect(refusal(good, StatusFixture.fresh())?.contains("no member") == true)
        #expect(refusal(good, member, later: .seconds(3))?.contains("lease ran out") == true)
        let old = PermitStartCommand(epoch: 4, masterIncarnation: 4)
        #expect(refusal(old, member)?.contains("carries epoch 4, this host's newest view is 5") == true)
        let former = PermitStartCommand(epoch: 5, masterIncarnation: 3)
        #expect(refusal(former, member)?.contains("master incarnation 3") == true)
        var enabling = member
        enabling.view.state = .enabling
        #expect(refusal(good, enabling)?.contains("enabling, not active") == true)
        var headless = member
        headless.view.master = nil
        #expect(refusal(good, headless)?.contains("no master") == true)
        var leaving = member
        leaving.phase = .leaving
        #expect(refusal(good, leaving) != nil)
    }

    @Test func aMemberWithGuestsRefusesToStop() {
        let step = StopRule.step(
            status: StatusFixture.member(),
            isArmed: true,
            hasGuests: true,
            hasAskedToLeave: false
        )
        #expect(step == .refuse)
    }

    @Test func aMemberWithoutGuestsLeavesFirstAndExitsOnceDisarmed() {
        var status = StatusFixture.member()
        func step(_ isArmed: Bool, asked: Bool) -> StopStep {
            StopRule.step(status: status, isArmed: isArmed, hasGuests: false, hasAskedToLeave: asked)
        }
        #expect(step(true, asked: false) == .askToLeave)
        #expect(step(true, asked: true) == .wait)
        status.phase = .leaving
        #expect(step(true, asked: true) == .wait)
        status.phase = .left
        #expect(step(true, asked: true) == .wait)
        #expect(step(false, asked: true) == .exit)
    }

    @Test func whoeverIsNoMemberExitsAtOnceUnlessArmed() {
        #expect(StopRule.step(status: nil, isArmed: false, hasGuests: false, hasAskedToLeave: false) == .exit)
        #expect(StopRule.step(status: nil, isArmed: true, hasGuests: false, hasAskedToLeave: false) == .wait)
        for phase in [HostPhase.joining, .heldOut, .disabled, .unguarded, .empty] {
            var status = StatusFixture.fresh()
            status.phase = phase
            #expect(
                StopRule.step(status: status, isArmed: false, hasGuests: true, hasAskedToLeave: false)
                    == .exit
            )
        }
    }
}

@Suite struct RejectionWatchTests {
    private func counter(_ count: UInt64) -> RejectionReport {
        RejectionReport(place: "heartbeat", cause: "wrong-code", count: count)
    }

    @Test func refusalsAreToldOnceAMinuteWithTheirNumbers() {
        var watch = RejectionWatch()
        let start = StatusFixture.now
        #expect(watch.news([], now: start) == nil)
        #expect(
            watch.news([counter(3)], now: start)?.hasPrefix("refused and not used: 3 heartbeat wrong-code")
                == true
        )
        #expect(watch.news([counter(900)], now: start + .seconds(59)) == nil)
        #expect(watch.news([counter(1000)], now: start + .seconds(60))?.contains("997 heartbeat") == true)
        #expect(watch.news([counter(1000)], now: start + .seconds(200)) == nil)
    }
}
