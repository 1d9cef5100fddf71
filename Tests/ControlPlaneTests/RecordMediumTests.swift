import ByteFormat
import ControlPlane
import FoundationEssentials
import LinuxPlatform
import MessageAuthentication
import PoolModel
import StatefileBlock
import StatefileLayout
import StatefileMedium
import Testing

/// A statefile of three hosts in a temporary file.
private final class TemporaryStatefile {
    let path = FileManager.default.temporaryDirectory.path + "/holdfast-record-\(UUID().uuidString)"
    static let key = [UInt8](1...32)

    init(copyKiB: Int = 64) throws {
        let plan = StatefilePlan(hostNames: ["lab1", "lab2", "lab3"], timing: .fast)
        let bare = try StatefileGeometry(deviceBytes: 1 << 40, hostCount: 3, blockBytes: 4096)
        let fixed = bare.usedBytes - 3 * StatefileGeometry.poolCopies * bare.poolCopyBytes
        let byteCount = fixed + 3 * StatefileGeometry.poolCopies * copyKiB * 1024
        let key = try #require(PoolKey(TemporaryStatefile.key))
        var authenticator = HMACAuthenticator(current: key)
        var device = BlockDevice(path: path, access: .exclusive, createByteCount: byteCount)
        _ = try StatefileFormatter.format(plan, on: &device, authenticator: &authenticator)
    }

    func medium(_ host: String) throws -> RecordMedium {
        let keys = try #require(RecordKeys(current: TemporaryStatefile.key, previous: nil))
        return try RecordMedium(source: StatefileSource(path: path), hostName: host, keys: keys)
    }

    /// Overwrites some bytes of one copy of a host's area, as a torn write would.
    func tear(_ row: Int, copy: Int) throws {
        var device = BlockDevice(path: path, access: .readWrite)
        let deadline = ToolPatience.deadline
        _ = try device.open(until: deadline)
        var authenticator = HMACAuthenticator(current: try #require(PoolKey(TemporaryStatefile.key)))
        let geometry = try device.readHeader(authenticator: &authenticator, until: deadline).geometry
        let place = try #require(geometry.poolRecord(of: HostIndex(row), copy: copy))
        var buffer = AlignedBuffer(minimumByteCount: 4096)
        try device.read(
            offsetBytes: place.lowerBound,
            byteCount: 4096,
            into: &buffer,
            until: deadline
        )
        buffer.withMutableBytes { $0[200] ^= 0xFF }
        try device.write(buffer, byteCount: 4096, offsetBytes: place.lowerBound, until: deadline)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}

@Suite("The pool record on a statefile")
struct RecordMediumTests {
    private func payload(_ row: Int, beat: UInt64, machines: Int = 0) -> RecordPayload {
        var report = AgentReport(host: row, boot: "b")
        report.beat = beat
        guard machines > 0 else { return RecordPayload(report: report, master: nil) }
        var pool = PoolFixture()
        var decider = RestartDecider()
        for index in 0..<machines { pool.register("m\(index)", memoryMiB: 10, with: &decider) }
        return RecordPayload(report: report, master: pool.record)
    }

    private func beat(_ content: AreaContent) -> UInt64? {
        if case .payload(_, let payload) = content { payload.report.beat } else { nil }
    }

    @Test("what one host writes every host reads, and nobody else's area changes")
    func roundTrip() throws {
        let statefile = try TemporaryStatefile()
        let (first, second) = (try statefile.medium("lab1"), try statefile.medium("lab2"))
        #expect(try first.readAreas() == [.blank, .blank, .blank])
        let written = payload(0, beat: 1, machines: 5)
        try first.write(written)
        let read = try second.readAreas()
        #expect(read == [.payload(sequence: 1, written), .blank, .blank])
        #expect(read == (try first.readAreas()))
    }

    @Test("each write counts on and the newest is read, over restarts of the manager")
    func newest() throws {
        let statefile = try TemporaryStatefile()
        let reader = try statefile.medium("lab3")
        for start in 0..<3 {
            let writer = try statefile.medium("lab1")
            _ = try writer.readAreas()
            for step in 0..<7 {
                let number = UInt64(start * 7 + step + 1)
                try writer.write(payload(0, beat: number))
                #expect(beat(try reader.readAreas()[0]) == number)
            }
        }
    }

    @Test("with the newest copy torn the one before is read, and written over last")
    func torn() throws {
        let statefile = try TemporaryStatefile()
        let writer = try statefile.medium("lab1")
        _ = try writer.readAreas()
        for number in 1...6 { try writer.write(payload(0, beat: UInt64(number))) }
        // Copies 1, 2, 3, 0, 1, 2 were written, so the newest is copy 2.
        try statefile.tear(0, copy: 2)
        let reader = try statefile.medium("lab2")
        #expect(beat(try reader.readAreas()[0]) == 5)
        let next = try statefile.medium("lab1")
        #expect(beat(try next.readAreas()[0]) == 5)
        try next.write(payload(0, beat: 60))
        #expect(beat(try reader.readAreas()[0]) == 60)
        try statefile.tear(0, copy: 2)
        #expect(beat(try statefile.medium("lab3").readAreas()[0]) == 5)
    }

    @Test("an area without a whole copy is damaged, and the others are read all the same")
    func damaged() throws {
        let statefile = try TemporaryStatefile()
        let writer = try statefile.medium("lab1")
        _ = try writer.readAreas()
        for number in 1...4 { try writer.write(payload(0, beat: UInt64(number))) }
        for copy in 0..<4 { try statefile.tear(0, copy: copy) }
        let other = try statefile.medium("lab2")
        _ = try other.readAreas()
        try other.write(payload(1, beat: 9))
        let areas = try other.readAreas()
        guard case .damaged = areas[0] else { Issue.record("\(areas[0])"); return }
        #expect(beat(areas[1]) == 9)
    }

    @Test("a record that is too large drops old ledger lines first, and is refused when that does not help")
    func tooLarge() throws {
        let statefile = try TemporaryStatefile(copyKiB: 16)
        let medium = try statefile.medium("lab1")
        _ = try medium.readAreas()
        var count = 10
        while try payload(0, beat: 1, machines: count).encoded().count <= medium.payloadLimit { count += 1 }
        let large = payload(0, beat: 1, machines: count)
        try medium.write(large)
        guard case .payload(_, let read) = try medium.readAreas()[0] else { Issue.record("not read"); return }
        #expect(read.master?.machines == large.master?.machines)
        #expect((read.master?.ledger.entries.count ?? 99) < (large.master?.ledger.entries.count ?? 0))
        do {
            try medium.write(payload(0, beat: 2, machines: 80))
            Issue.record("written")
        } catch {
            #expect(error.description.contains("record area holds"))
        }
        guard case .payload(_, let kept) = try medium.readAreas()[0] else { Issue.record("not read"); return }
        #expect(kept.report.beat == 1)
    }

    @Test("a host that is not in the table, and a wrong key, are refused with the reason")
    func refusals() throws {
        let statefile = try TemporaryStatefile()
        #expect(throws: RecordMediumError.self) { try statefile.medium("other") }
        let keys = try #require(RecordKeys(current: [UInt8](repeating: 7, count: 32), previous: nil))
        #expect(throws: RecordMediumError.self) {
            try RecordMedium(
                source: StatefileSource(path: statefile.path),
                hostName: "lab1",
                keys: keys
            )
        }
        #expect(RecordKeys(current: [1, 2], previous: nil) == nil)
    }

    @Test("a payload of another host, of a newer format or with a host out of the table is not taken")
    func badPayloads() throws {
        let good = try payload(1, beat: 1).encoded()
        #expect(throws: RecordPayloadError.self) { try RecordPayload(decoding: good, of: 0, hostCount: 3) }
        var newer = payload(0, beat: 1)
        newer.format = 2
        let newerBytes = try newer.encoded()
        #expect(throws: RecordPayloadError.newerFormat(2)) {
            try RecordPayload(decoding: newerBytes, of: 0, hostCount: 3)
        }
        let claims = try payload(0, beat: 1, machines: 3).encoded()
        #expect(throws: RecordPayloadError.self) { try RecordPayload(decoding: claims, of: 0, hostCount: 1) }
        #expect(throws: RecordPayloadError.self) {
            try RecordPayload(decoding: [1, 2, 3], of: 0, hostCount: 1)
        }
    }

    @Test("equal definitions have one hash, and a damaged one is noticed")
    func hashes() {
        #expect(ContentHash.of("") == "6c62272e07bb014262b821756295c58d")
        #expect(ContentHash.of("a") == "d228cb696f1a8caf78912b704e4a8964")
        #expect(IntentID("e7-12") == IntentID(epoch: 7, number: 12))
        #expect(IntentID("e7") == nil)
    }
}
