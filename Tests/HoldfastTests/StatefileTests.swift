import AdminProtocol
import FoundationEssentials
import MessageAuthentication
import PoolModel
import StatefileBlock
import StatefileLayout
import StatefileMedium
import Testing

@testable import holdfast

@Suite("holdfast statefile")
struct StatefileTests {
    private let key: [UInt8] = (1...32).map { UInt8($0) }

    private func authenticator(_ bytes: [UInt8]) throws -> HMACAuthenticator {
        let key = MessageAuthentication.PoolKey(bytes)
        return HMACAuthenticator(current: try #require(key))
    }

    /// Formats a file of its own, lets `body` look at it, and removes it.
    private func withStatefile(_ body: (String) throws -> Void) throws {
        let path = FileManager.default.temporaryDirectory.path + "/holdfast-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: path) }
        let plan = StatefilePlan(hostNames: ["lab1", "lab2"], timing: .fast)
        var device = BlockDevice(path: path, access: .exclusive, createByteCount: 2 << 20)
        var authenticator = try authenticator(key)
        _ = try StatefileFormatter.format(plan, on: &device, authenticator: &authenticator)
        try body(path)
    }

    private func contents(_ path: String) throws -> StatefileContents {
        var authenticator = try authenticator(key)
        return StatefileContents(
            path: path,
            dump: try StatefileReading.dump(StatefileSource(path: path), authenticator: &authenticator)
        )
    }

    private func problems(_ path: String) throws -> [StatefileProblem] {
        var authenticator = try authenticator(key)
        let report = try StatefileReading.check(
            StatefileSource(path: path),
            roundCount: 1,
            authenticator: &authenticator
        )
        // The folder for temporary files may be one that refuses O_DIRECT.
        return report.problems.filter { $0 != .cached }
    }

    /// Overwrites bytes in place.
    private func damage(_ path: String, at ranges: [Range<Int>]) throws {
        var data = try Data(contentsOf: URL(filePath: path))
        for range in ranges {
            for index in range { data[index] ^= 0xFF }
        }
        try data.write(to: URL(filePath: path))
    }

    private func geometry(_ contents: StatefileContents) throws -> StatefileGeometry {
        try StatefileGeometry(
            deviceBytes: contents.byteCount,
            hostCount: contents.hosts.count,
            blockBytes: contents.blockBytes
        )
    }

    @Test("a fresh statefile has its hosts, empty slots, view 0 and nothing off")
    func fresh() throws {
        try withStatefile { path in
            let contents = try contents(path)
            #expect(contents.hosts == ["lab1", "lab2"])
            #expect(contents.timing == "fast")
            #expect(contents.largestDSeconds == 11.0095)
            #expect(contents.slots.allSatisfy { $0.verdict == "valid" && $0.phase == .empty })
            #expect(contents.view?.epoch == 0)
            #expect(contents.view?.members.isEmpty == true)
            #expect(try problems(path).isEmpty)
            #expect(StatefileText(contents: contents, ink: Ink(isColoured: false)).all.contains("lab2"))
        }
    }

    @Test("a damaged slot is found, is not fatal, and leaves the other slot as it is")
    func damagedSlot() throws {
        try withStatefile { path in
            let slot = try geometry(contents(path)).slot(of: HostIndex(1))
            try damage(path, at: [slot.lowerBound + 40..<slot.lowerBound + 41])
            let damaged = try contents(path)
            #expect(damaged.slots.map(\.verdict) == ["valid", "wrong-checksum"])
            let findings = try problems(path)
            #expect(findings.count == 1)
            #expect(findings.allSatisfy { !$0.isFatal && "\($0)".contains("lab2") })
        }
    }

    @Test("a host without a single ballot record that can be used makes the statefile unusable")
    func damagedBallots() throws {
        try withStatefile { path in
            let geometry = try geometry(contents(path))
            let first = geometry.ballot(of: HostIndex(0), subBlock: 0)
            try damage(path, at: [first.lowerBound + 40..<first.lowerBound + 41])
            let findings = try problems(path)
            #expect(findings.contains { $0.isFatal && "\($0)".contains("lab1") })
        }
    }

    @Test("a key of another pool is refused with what to do")
    func wrongKey() throws {
        try withStatefile { path in
            var other = try authenticator(key.map { $0 ^ 0x55 })
            do throws(CommandFailure) {
                _ = try StatefileReading.dump(StatefileSource(path: path), authenticator: &other)
                Issue.record("the header was taken with a wrong key")
            } catch {
                #expect(error.status == .badData)
                #expect(error.message.contains("key"))
            }
        }
    }

    @Test("a path that is not there is told as that")
    func missing() throws {
        var authenticator = try authenticator(key)
        do throws(CommandFailure) {
            _ = try StatefileReading.dump(
                StatefileSource(path: "/nonexistent/statefile"),
                authenticator: &authenticator
            )
            Issue.record("it was opened")
        } catch {
            #expect(error.status == .missing)
            #expect(error.message.contains("/nonexistent/statefile"))
        }
    }
}
