import PoolModel
import Testing

@testable import holdfastd

private func instant(_ seconds: Double) -> MonotonicInstant {
    MonotonicInstant(nanoseconds: TimeSpan.seconds(seconds).nanoseconds)
}

@Suite struct GuestLedgerTests {
    @Test func aFreshBootRunsNothingAndAResumedRunMay() {
        #expect(!GuestLedger(mayHaveInherited: false).mayRun)
        #expect(GuestLedger(mayHaveInherited: true).mayRun)
        var resumed = GuestLedger(mayHaveInherited: true)
        resumed.managerReported(running: false)
        #expect(!resumed.mayRun)
        #expect(resumed.hasProvablyNone(at: instant(0)))
    }

    @Test func eitherSourceThatSaysRunningIsBelieved() {
        var ledger = GuestLedger(mayHaveInherited: false)
        ledger.managerReported(running: false)
        ledger.isCgroupPopulated = true
        #expect(ledger.mayRun)
        ledger.isCgroupPopulated = false
        ledger.managerReported(running: true)
        #expect(ledger.mayRun)
        ledger.managerReported(running: false)
        #expect(!ledger.mayRun)
    }

    @Test func aPermittedStartMayComeUntilItsLeaseEndsOrTheManagerSaysNone() {
        var ledger = GuestLedger(mayHaveInherited: false)
        ledger.permitted(until: instant(10))
        #expect(ledger.mayRun)
        #expect(ledger.mayStillStart(at: instant(9)))
        #expect(!ledger.mayStillStart(at: instant(10)))
        ledger.permitted(until: instant(5))
        #expect(ledger.mayStillStart(at: instant(9)))
        ledger.managerReported(running: true)
        #expect(ledger.mayStillStart(at: instant(9)))
        ledger.managerReported(running: false)
        #expect(!ledger.mayStillStart(at: instant(9)))
        #expect(ledger.hasProvablyNone(at: instant(9)))
    }

    @Test func aRefusedPermitLeavesNoTrace() {
        var ledger = GuestLedger(mayHaveInherited: false)
        ledger.managerReported(running: false)
        let before = ledger
        ledger.permitted(until: instant(10))
        ledger.isCgroupPopulated = false
        ledger.refused(since: before)
        #expect(!ledger.mayRun)
        #expect(!ledger.mayStillStart(at: instant(1)))
        #expect(ledger.isCgroupPopulated == false)
    }
}

@Suite struct InheritanceTests {
    private let environment = ["LISTEN_PID": "42", "LISTEN_FDS": "2", "LISTEN_FDNAMES": "other:watchdog"]

    @Test func theDescriptorIsFoundByItsName() {
        #expect(InheritedDescriptors.number(named: "watchdog", in: environment, ownProcess: 42) == 4)
        #expect(InheritedDescriptors.number(named: "other", in: environment, ownProcess: 42) == 3)
        #expect(InheritedDescriptors.number(named: "none", in: environment, ownProcess: 42) == nil)
    }

    @Test func anotherProcesssDescriptorsAreNotTaken() {
        #expect(InheritedDescriptors.number(named: "watchdog", in: environment, ownProcess: 43) == nil)
        #expect(InheritedDescriptors.number(named: "watchdog", in: [:], ownProcess: 42) == nil)
        let short = ["LISTEN_PID": "42", "LISTEN_FDS": "1", "LISTEN_FDNAMES": "other:watchdog"]
        #expect(InheritedDescriptors.number(named: "watchdog", in: short, ownProcess: 42) == nil)
    }
}
