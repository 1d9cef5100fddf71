import ByteFormat
import LabPlatform
import LinuxPlatform
import NodeRuntime
import PoolModel
import RuntimeFakes
import StatefileLayout
import StatefileMedium
import StatefileNFS
import Testing

/// The way to a real server is cut in the middle of writes, 200 times; what was under way is delivered later,
/// or never.
@Suite(.serialized, .enabled(if: GaneshaBench.isPossible, "needs root, namespaces and nfs-ganesha"))
struct UnplugTests {
    private static let cutCount = 200

    /// What a host knows of its own ballots, as the engine's book does.
    private struct Book {
        var newest: UInt64 = 1
        var highest: UInt64 = 1
        var isCertain = false

        mutating func read(_ result: RoundResult, row: Int) {
            guard result.ballotsRead else { return }
            let found = result.ballots[row].newest.sequence
            highest = max(highest, found)
            if !isCertain || found > newest { newest = found }
            isCertain = true
        }

        mutating func next(_ host: PoolHost, unsettled: UInt8) -> BallotWrite? {
            guard isCertain else { return nil }
            for step in 1..<4 {
                let subBlock = UInt8((newest + UInt64(step)) % 4)
                guard unsettled & 1 << subBlock == 0 else { continue }
                highest += 1
                // The sub-block follows from the sequence, so that a reader can check the pair.
                while highest % 4 != UInt64(subBlock) { highest += 1 }
                return host.ballot(highest, mbal: highest * 64)
            }
            return nil
        }

        mutating func finish(_ write: BallotWrite?, _ outcome: WriteOutcome) {
            guard let write else { return }
            if outcome == .succeeded { newest = write.record.sequence } else { isCertain = false }
        }
    }

    /// What others see: never less than what was acknowledged, and never something torn.
    private struct Witness {
        let host: PoolHost
        var highestSlot: UInt64 = 0

        mutating func look(acknowledged: UInt64, _ what: String) {
            let result = host.round()
            #expect(
                result.slotsRead && result.ballotsRead,
                "\(what): \(String(describing: host.report.current.trouble))"
            )
            let ballot = result.ballots[0].newest
            #expect(ballot.sequence >= acknowledged, "\(what): a stale ballot won")
            #expect(
                ballot.mbal.rawValue == ballot.sequence * 64 || ballot.sequence == 1,
                "\(what): a mixed record"
            )
            #expect(result.ballots[0].validCount > 0)
        }
    }

    @Test func twoHundredCutsLoseNoAcknowledgedBallotAndShowNoTornRecord() throws {
        let bench = try GaneshaBench()
        let header = try bench.format()
        let proxy = CuttingProxy(to: GaneshaBench.serverAddress, ports: [(12049, 2049), (12048, 20048)])
        let proxyThread = try NamespaceThread(namespace: bench.clientSpace)
        defer {
            proxy.stop()
            proxyThread.end()
        }
        proxyThread.begin { try? proxy.serve() }
        let (address, folder) = (bench.address, bench.folder)
        let tally = try bench.client.run { () -> (cuts: Int, unknown: Int, late: Int) in
            try UnplugTests.run(proxy, header, address, folder)
        }
        print("unplug: \(tally)")
        #expect(tally.cuts == UnplugTests.cutCount)
        #expect(tally.unknown > 50)
        #expect(tally.late > 50)
        #expect(bench.names(in: "ballots").filter { $0.hasPrefix("0.") }.count == 1)
        let report = try bench.check()
        #expect(report.problems.filter(\.isFatal).isEmpty)
    }

    private static func run(
        _ proxy: CuttingProxy,
        _ header: StatefileHeader,
        _ address: NFSAddress,
        _ folder: String
    ) throws -> (cuts: Int, unknown: Int, late: Int) {
        var through = address
        through.server = "127.0.0.1"
        through.nfsPort = 12049
        through.mountPort = 12048
        let writer = try PoolHost(0, of: header, at: through, folder: folder, ioDeadline: .milliseconds(250))
        var witness = Witness(host: try PoolHost(1, of: header, at: address, folder: folder))
        var book = Book()
        var generator = SmallGenerator(20)
        var tally = (cuts: 0, unknown: 0, late: 0)
        while tally.cuts < cutCount {
            let what = "cut \(tally.cuts + 1)"
            try settle(writer, &book, what)
            proxy.cut(afterBytes: Int.random(in: 0..<9000, using: &generator))
            // Until the cut hits a round that writes a ballot.
            for _ in 0..<4 where !proxy.isCut {
                let write = book.next(writer, unsettled: writer.result.unsettledSubBlocks)
                let result = writer.round(write)
                book.finish(write, result.ballotWrite)
                book.read(result, row: 0)
                if result.ballotWrite == .unknown { tally.unknown += 1 }
            }
            tally.cuts += 1
            // What was under way arrives before anything else goes on, after a new run began, or never.
            let fate = Int.random(in: 0..<3, using: &generator)
            if fate == 0 {
                if proxy.heldByteCount > 0 { tally.late += 1 }
                proxy.deliverHeld()
                LabPlatform.Poller.wait(for: 3)
            }
            proxy.mend()
            if fate == 1 {
                try settle(writer, &book, what)
                let write = book.next(writer, unsettled: writer.result.unsettledSubBlocks)
                let result = writer.round(write)
                book.finish(write, result.ballotWrite)
                if proxy.heldByteCount > 0 { tally.late += 1 }
                proxy.deliverHeld()
                LabPlatform.Poller.wait(for: 5)
            }
            witness.look(acknowledged: book.isCertain ? book.newest : 0, what)
        }
        try settle(writer, &book, "the end")
        witness.look(acknowledged: book.newest, "the end")
        return tally
    }

    /// Rounds until nothing is unknown any more; the acknowledged newest never goes back.
    private static func settle(_ writer: PoolHost, _ book: inout Book, _ what: String) throws {
        let before = book.newest
        let deadline = BootClock().now() + .seconds(20)
        while BootClock().now() < deadline {
            let result = writer.round()
            book.read(result, row: 0)
            if book.isCertain, result.ballotsRead, result.formerLivesSettled, result.unsettledSubBlocks == 0 {
                #expect(book.newest >= before, "\(what): an acknowledged ballot is gone")
                return
            }
            LabPlatform.Poller.wait(for: 5)
        }
        let last = writer.result
        throw LabError(
            "\(what): the rounds did not recover: ballots read \(last.ballotsRead), unsettled "
                + "\(last.unsettledSubBlocks), quarantine over \(last.formerLivesSettled), valid records "
                + "\(last.ballots.map(\.validCount)): \(writer.report.current)"
        )
    }
}
