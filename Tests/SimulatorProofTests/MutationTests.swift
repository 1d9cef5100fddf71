import LivesetEngine
import SimulatorProof
import Testing

#if HOLDFAST_MUTANTS
    @Suite("Mutants")
    struct MutationTests {
        @Test("every mutant is caught, or proved equivalent", arguments: Mutant.allCases)
        func isCaught(mutant: Mutant) {
            let result = MutantHunt.recheck(mutant)
            #expect(result.catcher != nil, "\(mutant.rawValue) survived \(result.runs) runs")
        }
    }
#else
    @Suite("Mutants")
    struct MutationTests {
        @Test("a normal build has no mutant, and no place to keep one")
        func isAbsent() {
            #expect(MemoryLayout<Mutation>.size == 0)
            #expect(!Mutation().anything)
        }
    }
#endif
