import LivesetEngine
import SimulatorProof
import Testing

@Suite("Names of clauses")
struct ClauseNameTests {
    @Test("a name is read as the clause and the branch")
    func words() {
        #expect(Clause.view2aRead.words == "VIEW-2a read")
        #expect(Clause.leaseMTooFew.words == "LEASE-M too few")
        #expect(Clause.leaseAAll.words == "LEASE-A all")
        #expect(Clause.lease1Back.words == "LEASE-1 back")
        #expect(Clause.fenceLeaseExpired.words == "FENCE lease expired")
    }
}
