import LabPlatform
import LabWorld
import Testing

@Suite("The plan of a lab")
struct PlanTests {
    private func plan(_ change: (inout LabPlan) -> Void = { _ in }) -> LabPlan {
        var plan = LabPlan(id: "t1", binaries: "/b", directory: "/d")
        change(&plan)
        return plan
    }

    @Test("a plan within its limits is accepted and reads back")
    func goodPlan() throws {
        try plan().check()
        #expect(try LabJSON.decode(LabPlan.self, from: LabJSON.line(plan())) == plan())
        #expect(plan().hostNames == ["lab1", "lab2", "lab3"])
    }

    @Test("what cannot be built is refused with the value and the range")
    func badPlans() {
        for (change, word) in [
            ({ $0.hostCount = 9 }, "2 to 8"), ({ $0.id = "Lab 1" }, "lower-case"),
            ({ $0.profile = "slow" }, "fast"),
            ({ $0.heartbeatNetworkCount = 3 }, "mgmt and stor"),
            ({ $0.onStorageLoss = "die" }, "stay or fence"),
        ] as [((inout LabPlan) -> Void, String)] {
            do {
                try plan(change).check()
                Issue.record("accepted what '\(word)' refuses")
            } catch {
                #expect(error.description.contains(word))
            }
        }
    }

    @Test("every fault can be told to the supervisor and reads as a sentence")
    func faults() throws {
        let faults: [LabFault] = [
            .powerOff(hosts: [1]), .powerOn(hosts: [1]), .reset(hosts: [2]),
            .cutStorage(hosts: [1, 2], failing: true),
            .slowStorage(hosts: [1], milliseconds: 5, jitterMilliseconds: 6),
            .restoreStorage(hosts: [1], shuffled: true),
            .cutNetwork(hosts: [1], link: .mgmt), .silenceNetwork(hosts: [1], link: .stor),
            .restoreNetwork(hosts: [1]),
            .loseFrames(hosts: [1], link: .mgmt, percent: 7), .cutOneWay(from: 1, to: 2), .freeze(hosts: [1]),
            .thaw(hosts: [1]), .kill(hosts: [1], program: "holdfastd"), .heal,
        ]
        for fault in faults {
            #expect(try LabJSON.decode(LabFault.self, from: LabJSON.line(fault)) == fault)
            #expect(!fault.sentence.isEmpty)
        }
    }

    @Test("the words of a disk path set that path")
    func diskPaths() {
        let all: [DiskPath] = [
            .healthy, .stalled, .failing, .off, .slow(milliseconds: 20, jitterMilliseconds: 5),
        ]
        for path in all { #expect(DiskPath(words: path.words) == path) }
        #expect(DiskPath(words: "slow") == nil)
    }
}
