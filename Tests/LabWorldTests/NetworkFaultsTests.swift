import LabWorld
import Testing

@Suite("The switch of the lab")
struct NetworkFaultsTests {
    @Test("without faults the table is replaced by one that passes everything")
    func noFaults() {
        let rules = NetworkFaults().ruleset
        #expect(rules.hasPrefix("table bridge lab {}\ndelete table bridge lab\n"))
        #expect(!rules.contains("drop"))
    }

    @Test("one way is cut on every network, the way back is not")
    func oneWay() {
        var faults = NetworkFaults()
        faults.oneWay.insert(LabDirection(from: 1, to: 2))
        #expect(faults.ruleset.contains("iifname \"mgmt1\" oifname \"mgmt2\" counter drop"))
        #expect(faults.ruleset.contains("iifname \"stor1\" oifname \"stor2\" counter drop"))
        #expect(!faults.ruleset.contains("iifname \"mgmt2\""))
    }

    @Test("loss and silence concern both directions, and the witness as well")
    func ports() {
        var faults = NetworkFaults()
        faults.loss[LabPort(2, .mgmt)] = 20
        faults.silent.insert(LabPort(3, .mgmt))
        let rules = faults.ruleset
        #expect(rules.components(of: "iifname \"mgmt2\" numgen random mod 100 < 20 counter drop") == 2)
        #expect(rules.components(of: "oifname \"mgmt2\" numgen random mod 100 < 20 counter drop") == 2)
        #expect(rules.components(of: "iifname \"mgmt3\" counter drop") == 2)
    }

    @Test("mending a host mends all that concerns it and nothing else")
    func mending() {
        var faults = NetworkFaults()
        faults.pulled = [LabPort(1, .mgmt), LabPort(2, .mgmt)]
        faults.oneWay = [LabDirection(from: 2, to: 1), LabDirection(from: 2, to: 3)]
        faults.loss[LabPort(1, .stor)] = 5
        faults.mend(host: 1)
        #expect(faults.pulled == [LabPort(2, .mgmt)])
        #expect(faults.oneWay == [LabDirection(from: 2, to: 3)])
        #expect(faults.loss.isEmpty)
    }

    @Test("a pulled cable stays out over a boot, and cards keep their addresses")
    func cables() {
        let plan = NetworkPlan(id: "t", hostCount: 3)
        let batch = plan.cableBatch(2, pulled: [.mgmt])
        #expect(!batch.contains("link set mgmt2 up"))
        #expect(batch.contains("link set stor2 up"))
        #expect(batch.contains("address 02:77:00:00:00:02 netns hfl-t-lab2"))
    }
}

extension String {
    fileprivate func components(of part: String) -> Int {
        var count = 0
        var rest = self[...]
        while let range = rest.firstRange(of: part) {
            count += 1
            rest = rest[range.upperBound...]
        }
        return count
    }
}
