import PoolModel
import RuntimeFakes
import StatefileBlock
import StatefileLayout
import StatefileMedium
import Testing

@Suite struct StatefileFormatterTests {
    private let bench = FormatBench()

    @Test func makesAStatefileThatReadsBack() throws {
        let header = try bench.format()
        #expect(header.hostNames == ["lab1", "lab2", "lab3"])
        #expect(header.timing == .fast)
        #expect(header.largestD == Timing(.fast).certainlyDead)
        #expect(header.geometry.hasPoolRecords)
        #expect(try bench.readHeader() == header)
    }

    @Test func twoFormatsMakeTwoGenerations() throws {
        let first = try bench.format()
        let second = try bench.format { $0.plan.mayDestroyContent = true }
        #expect(first.generation != second.generation)
    }

    @Test func refusesWhatIsAStatefileAlready() throws {
        try bench.format()
        let error = #expect(throws: StatefileError.self) { try bench.format() }
        guard case .holdsData(_, .ready) = error else {
            Issue.record("another error: \(String(describing: error))")
            return
        }
        #expect(error?.description.contains("lab1, lab2, lab3") == true)
    }

    @Test func refusesSomebodyElsesDataAndLeavesItAlone() throws {
        try bench.format()
        try bench.scribble([UInt8](repeating: 0, count: 1 << 20), at: 0)
        // The magic of an ext filesystem at its place.
        try bench.scribble([0x53, 0xEF], at: 1024 + 56)
        let error = #expect(throws: StatefileError.self) { try bench.format() }
        #expect(error == .holdsData(path: bench.path, content: .foreign))
        try bench.format { $0.plan.mayDestroyContent = true }
    }

    @Test func formatsAFileOfZeros() throws {
        try bench.format()
        try bench.scribble([UInt8](repeating: 0, count: 1 << 20), at: 0)
        try bench.format()
    }

    @Test func refusesADeviceThatIsTooSmall() {
        let error = #expect(throws: StatefileError.self) { try bench.format { $0.createByteCount = 4096 } }
        guard case .geometry(.tooSmall, _) = error else {
            Issue.record("another error: \(String(describing: error))")
            return
        }
    }

    @Test func aFileThatIsNotThereNeedsASize() {
        let error = #expect(throws: StatefileError.self) { try bench.format { $0.createByteCount = nil } }
        guard case .noSuchFile(_, let bytes) = error else {
            Issue.record("another error: \(String(describing: error))")
            return
        }
        #expect(bytes > 100_000)
    }

    @Test(arguments: ["/dev/null", "/tmp"]) func refusesWhatIsNeitherFileNorDevice(path: String) {
        #expect(throws: StatefileError.self) { try bench.format { $0.path = path } }
    }

    @Test func refusesNamesThatMakeNoHostTable() {
        let error = #expect(throws: StatefileError.self) {
            try bench.format { $0.plan.hostNames = ["a", "a"] }
        }
        #expect(error == .hostTable(.doubleName("a")))
    }

    @Test func anotherKeyReadsNoHeader() throws {
        try bench.format()
        let error = #expect(throws: StatefileError.self) { try bench.readHeader(SumAuthenticator(key: 2)) }
        #expect(error == .header(.unreadable(.wrongCode), path: bench.path))
    }

    @Test func aFileThatBecameShorterIsRefused() throws {
        let header = try bench.format()
        try bench.truncate(to: header.geometry.usedBytes - 4096)
        let error = #expect(throws: StatefileError.self) { try bench.readHeader() }
        guard case .header(.deviceShrank, _) = error else {
            Issue.record("another error: \(String(describing: error))")
            return
        }
    }
}
