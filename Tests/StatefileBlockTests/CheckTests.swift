import ByteFormat
import PoolModel
import StatefileBlock
import StatefileLayout
import StatefileMedium
import Testing

@Suite struct StatefileCheckTests {
    private let bench = FormatBench()

    private func check() throws -> StatefileCheckReport {
        var device = BlockDevice(path: bench.path, access: .read)
        return try StatefileCheck.run(&device, roundCount: 20, authenticator: &bench.authenticator)
    }

    /// What weakens every file in a filesystem without O_DIRECT is not the test's subject.
    private func problems() throws -> [StatefileProblem] { try check().problems.filter { $0 != .cached } }

    private func write(_ record: BallotRecord, subBlock: Int, header: StatefileHeader) throws {
        let place = header.geometry.ballot(of: record.owner, subBlock: subBlock)
        var buffer = AlignedBuffer(minimumByteCount: place.count)
        buffer.withMutableBytes(in: 0..<place.count) { bytes in
            header.codec.encode(record, subBlock: subBlock, into: &bytes, authenticator: &bench.authenticator)
        }
        let file = try StatefileFile.open(bench.path, .readWrite)
        try file.write(buffer, byteCount: place.count, offsetBytes: place.lowerBound)
    }

    @Test func aFreshStatefileHasNoProblems() throws {
        let header = try bench.format()
        let report = try check()
        #expect(try problems().isEmpty)
        #expect(report.reads.times.count == 20)
        #expect(report.reads.quantile(0.5) <= report.reads.quantile(0.99))
        #expect(report.dump.header == header)
        #expect(report.dump.slots.map(\.name) == ["lab1", "lab2", "lab3"])
        #expect(report.dump.slots.allSatisfy { $0.slot?.phase == .empty })
        #expect(report.dump.ballots.count == 12)
        #expect(report.dump.poolRecords.count == 12)
        #expect(report.dump.poolRecords.allSatisfy { $0.heading != nil })
    }

    @Test func writesOfTheOwnSlotChangeNothing() throws {
        try bench.format()
        let before = try dumpBytes()
        var device = BlockDevice(path: bench.path, access: .readWrite)
        let report = try StatefileCheck.run(
            &device,
            roundCount: 7,
            own: HostIndex(1),
            authenticator: &bench.authenticator
        )
        #expect(report.writes.times.count == 7)
        #expect(report.reads.times.count == 7)
        #expect(try dumpBytes() == before)
    }

    @Test func writesNothing() throws {
        try bench.format()
        let before = try dumpBytes()
        _ = try check()
        #expect(try dumpBytes() == before)
    }

    private func dumpBytes() throws -> [UInt8] {
        let file = try StatefileFile.open(bench.path, .read)
        var buffer = AlignedBuffer(minimumByteCount: file.byteCount)
        try file.read(offsetBytes: 0, byteCount: file.byteCount, into: &buffer)
        return buffer.withBytes(in: 0..<file.byteCount) { bytes in bytes.indices.map { bytes[$0] } }
    }

    @Test func findsATornSlot() throws {
        let header = try bench.format()
        try bench.scribble([7], at: header.geometry.slot(of: HostIndex(1)).lowerBound + 80)
        #expect(try problems() == [.slot(host: "lab2", .wrongChecksum)])
    }

    @Test func findsAHostWithoutABallot() throws {
        let header = try bench.format()
        let place = header.geometry.ballot(of: HostIndex(2), subBlock: 0)
        try bench.scribble([UInt8](repeating: 0, count: place.count), at: place.lowerBound)
        let found = try problems()
        #expect(found == [.noBallot(host: "lab3")])
        #expect(found.first?.isFatal == true)
    }

    @Test func findsTwoViewsOfOneEpoch() throws {
        let header = try bench.format()
        for row in 0..<2 {
            var record = BallotRecord(formattedFor: HostIndex(row))
            record.sequence = 9
            record.decided = View(epoch: Epoch(4), state: .active)
            record.decided.master = HostIndex(row)
            try write(record, subBlock: 2, header: header)
        }
        let found = try problems()
        #expect(found == [.contradictingViews(epoch: Epoch(4), host: "lab1", other: "lab2")])
    }

    @Test func findsADamagedPoolRecord() throws {
        let header = try bench.format()
        let place = try #require(header.geometry.poolRecord(of: HostIndex(0), copy: 3))
        try bench.scribble([9, 9], at: place.lowerBound + 40)
        #expect(try problems() == [.poolRecord(host: "lab1", copy: 3, .wrongChecksum)])
    }

    @Test func saysWhenThereIsNoRoomForPoolRecords() throws {
        let header = try bench.format { wish in wish.createByteCount = 128 << 10 }
        #expect(!header.geometry.hasPoolRecords)
        #expect(try problems() == [.noPoolRecords(deviceBytes: 128 << 10)])
    }

    @Test func aFileThatIsNoStatefileSaysSo() throws {
        try bench.format()
        try bench.scribble(Array("#!/bin/sh\n".utf8), at: 0)
        let error = #expect(throws: StatefileError.self) { try check() }
        #expect(error == .header(.unreadable(.wrongMagic), path: bench.path))
    }
}
