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

/// A statefile on a real NFS server: format, rounds, restarts.
@Suite(.serialized, .enabled(if: GaneshaBench.isPossible, "needs root, namespaces and nfs-ganesha"))
struct NFSStatefileTests {
    @Test func aStatefileIsFormattedCheckedAndFormattedAgain() throws {
        let bench = try GaneshaBench()
        let header = try bench.format()
        #expect(header.hostNames == GaneshaBench.names)
        #expect(header.geometry.deviceBytes == 1 << 20)
        #expect(header.geometry.hasPoolRecords)
        #expect(bench.names(in: "") == ["ballots", "records", "statefile"])
        #expect(bench.names(in: "ballots") == ["0.0", "1.0", "2.0"])
        #expect(bench.names(in: "records") == ["0.0", "1.0", "2.0"])
        let report = try bench.check()
        #expect(report.problems.isEmpty)
        #expect(report.dump.poolRecords.count == 12)
        #expect(report.dump.ballots.filter { $0.record != nil }.count == 3)
        #expect(throws: StatefileError.self) { try bench.format() }
        let again = try bench.format(mayDestroyContent: true)
        #expect(again.generation != header.generation)
        #expect(try bench.check().problems.isEmpty)
    }

    @Test func whatIsNotThereIsSaid() throws {
        let bench = try GaneshaBench()
        let address = bench.address
        let error = #expect(throws: StatefileError.self) { try bench.check() }
        #expect(error?.description.contains("ENOENT") == true, "\(String(describing: error))")
        _ = address
    }

    @Test func threeHostsSeeEachOthersSlotsAndBallots() throws {
        let bench = try GaneshaBench()
        let header = try bench.format()
        let (address, folder) = (bench.address, bench.folder)
        try bench.client.run {
            let hosts = try (0..<3).map { try PoolHost($0, of: header, at: address, folder: folder) }
            for host in hosts {
                let result = host.round(host.ballot(2, mbal: 64))
                #expect(result.slotWrite == .succeeded)
                #expect(result.ballotWrite == .succeeded)
                #expect(result.formerLivesSettled)
                #expect(host.report.current.trouble == nil)
            }
            for host in hosts {
                let result = host.round()
                #expect(result.slotsRead && result.ballotsRead)
                #expect(result.slots.map { $0.slot.sequence > 0 } == [true, true, true])
                #expect(result.ballots.map(\.newest.sequence) == [2, 2, 2])
                #expect(result.ballots.map(\.newest.mbal.rawValue) == [64, 64, 64])
                #expect(host.statistics.failedReadCount == 0)
            }
        }
        #expect(bench.names(in: "ballots") == ["0.1", "1.1", "2.1"])
        #expect(try bench.check().problems.isEmpty)
    }

    @Test func aRestartedDaemonGoesOnInAFileOfItsOwn() throws {
        let bench = try GaneshaBench()
        let header = try bench.format()
        let (address, folder) = (bench.address, bench.folder)
        try bench.client.run {
            var host: PoolHost? = try PoolHost(1, of: header, at: address, folder: folder)
            host?.round(host?.ballot(2, mbal: 65))
            host?.round(host?.ballot(3, mbal: 129))
            host = nil
            let again = try PoolHost(1, of: header, at: address, folder: folder)
            let result = again.round()
            #expect(result.formerLivesSettled)
            #expect(result.ballots[1].newest.sequence == 3)
            #expect(result.ballots[1].newest.mbal.rawValue == 129)
            #expect(result.ballots[1].newestSubBlock == 3)
            again.round(again.ballot(4, mbal: 193))
            #expect(again.round().ballots[1].newest.sequence == 4)
        }
        #expect(bench.names(in: "ballots") == ["0.0", "1.2", "2.0"])
        // The host's own record of its run is lost: the folder tells.
        _ = FileTree.remove(folder + "/state-1/nfs-run-ballots")
        try bench.client.run {
            let host = try PoolHost(1, of: header, at: address, folder: folder)
            #expect(host.round().ballots[1].newest.sequence == 4)
        }
        #expect(bench.names(in: "ballots") == ["0.0", "1.3", "2.0"])
    }

    @Test func noRunBeginsOnAStatefileWhoseFormatWasInterrupted() throws {
        let bench = try GaneshaBench()
        let header = try bench.format()
        let (address, folder) = (bench.address, bench.folder)
        // The first write of a format is the header that says so.
        var unfinished = AlignedBuffer(minimumByteCount: StatefileFormat.bufferBytes(for: header.geometry))
        var authenticator = SumAuthenticator(key: 1)
        let file = try LabPlatform.Descriptor(path: bench.exported + "/statefile", flags: 0o1)
        do {
            try StatefileFormat.forEachWrite(header, buffer: &unfinished, authenticator: &authenticator) {
                (offset: Int, bytes: Span<UInt8>) throws(LabError) in
                _ = file.write(bytes.indices.map { bytes[$0] }, at: Int64(offset))
                throw LabError("interrupted")
            }
        } catch {}
        bench.kill()
        try bench.start()
        try bench.client.run {
            let host = try PoolHost(0, of: header, at: address, folder: folder)
            #expect(host.round().slotWrite == .failed)
            #expect(host.report.current.trouble == .header(.unfinishedFormat, path: "\(address)"))
        }
        #expect(bench.names(in: "ballots") == ["0.0", "1.0", "2.0"])
    }

    @Test func aSecondDaemonOfTheSameHostDoesNotTouchTheFirstOnesFile() throws {
        let bench = try GaneshaBench()
        let header = try bench.format()
        let (address, folder) = (bench.address, bench.folder)
        try bench.client.run {
            let first = try PoolHost(0, of: header, at: address, folder: folder)
            #expect(first.round(first.ballot(2)).ballotWrite == .succeeded)
            let second = try PoolHost(0, of: header, at: address, folder: folder)
            let result = second.round(second.ballot(3))
            #expect(result.ballotWrite == .failed)
            #expect(!result.formerLivesSettled)
            #expect(first.round(first.ballot(3)).ballotWrite == .succeeded)
        }
        #expect(bench.names(in: "ballots") == ["0.1", "1.0", "2.0"])
    }

    @Test func roundsGoOnAfterAKillAndARestartOfTheServer() throws {
        let bench = try GaneshaBench()
        let header = try bench.format()
        let (address, folder) = (bench.address, bench.folder)
        try bench.client.run {
            let host = try PoolHost(0, of: header, at: address, folder: folder)
            #expect(host.round(host.ballot(2)).ballotWrite == .succeeded)
            bench.kill()
            for _ in 0..<5 {
                let result = host.round()
                #expect(!result.slotsRead)
                #expect(host.report.current.trouble != nil)
            }
            #expect(host.statistics.longestDuration < .milliseconds(500))
            try bench.start()
            let result = host.round(host.ballot(3))
            #expect(result.slotWrite == .succeeded)
            #expect(result.ballotWrite == .succeeded)
            #expect(result.ballotsRead)
            #expect(host.report.current.trouble == nil)
        }
        // No write had an unknown outcome: the run's file stayed.
        #expect(bench.names(in: "ballots") == ["0.1", "1.0", "2.0"])
    }

    @Test func aStoppedServerEndsRoundsAtTheirDeadlineAndALateBallotLandsInAnOldFile() throws {
        let bench = try GaneshaBench()
        let header = try bench.format()
        let (address, folder) = (bench.address, bench.folder)
        try bench.client.run {
            let host = try PoolHost(
                0,
                of: header,
                at: address,
                folder: folder,
                ioDeadline: .milliseconds(400)
            )
            #expect(host.round(host.ballot(2)).ballotWrite == .succeeded)
            bench.freeze()
            let start = BootClock().now()
            let result = host.round(host.ballot(3, mbal: 64))
            #expect(result.ballotWrite == .unknown)
            #expect(result.unsettledSubBlocks == 0b1000)
            #expect(BootClock().now() - start < .milliseconds(450))
            #expect(host.round().unsettledSubBlocks == 0b1000)
            LabPlatform.Poller.wait(for: 5_000)
            bench.thaw()
            var last = host.round()
            for _ in 0..<20 where !last.ballotsRead || last.unsettledSubBlocks != 0 { last = host.round() }
            // Whichever came first, the late write or the new file: nothing of it can land any more.
            #expect(last.unsettledSubBlocks == 0)
            #expect(last.formerLivesSettled)
            let newest = last.ballots[0].newest.sequence
            #expect(newest == 2 || newest == 3)
            #expect(host.round(host.ballot(4, mbal: 128)).ballotWrite == .succeeded)
            LabPlatform.Poller.wait(for: 200)
            #expect(host.round().ballots[0].newest.mbal.rawValue == 128)
        }
        #expect(bench.names(in: "ballots").count == 3)
        #expect(bench.names(in: "ballots").first != "0.1")
    }

    @Test func onAFullDiskSlotsGoOnAndTheQuarantineSaysWhyItLasts() throws {
        let bench = try GaneshaBench()
        let disk = try SmallDisk(at: bench.exported, image: bench.folder + "/disk.img", byteCount: 2 << 20)
        defer { disk.remove() }
        bench.kill()
        try bench.start()
        let header = try bench.format(byteCount: 1 << 20)
        try disk.fill()
        let (address, folder) = (bench.address, bench.folder)
        try bench.client.run {
            let host = try PoolHost(0, of: header, at: address, folder: folder)
            let result = host.round(host.ballot(2))
            #expect(result.slotWrite == .succeeded)
            #expect(result.slotsRead && result.ballotsRead)
            #expect(result.ballotWrite == .failed)
            #expect(!result.formerLivesSettled)
            let words = host.report.current.quarantine?.description ?? ""
            #expect(words.contains("the server's disk is full"), "\(words)")
        }
    }

    @Test func aReadOnlyExportIsNamedAndReadsGoOn() throws {
        let bench = try GaneshaBench()
        let header = try bench.format()
        bench.kill()
        try bench.start(GaneshaBench.Export(access: "RO"))
        let (address, folder) = (bench.address, bench.folder)
        try bench.client.run {
            let host = try PoolHost(0, of: header, at: address, folder: folder)
            let result = host.round()
            #expect(result.slotWrite == .failed)
            #expect(result.slotsRead && result.ballotsRead)
            #expect(!result.formerLivesSettled)
            #expect(host.report.current.trouble?.description.contains("export it 'rw'") == true)
        }
        #expect(bench.names(in: "ballots") == ["0.0", "1.0", "2.0"])
    }

    @Test func aStatefileThatIsFormattedAnewIsNotUsedByThoseWhoRan() throws {
        let bench = try GaneshaBench()
        let header = try bench.format()
        let (address, folder) = (bench.address, bench.folder)
        let host = try bench.client.run {
            let host = try PoolHost(0, of: header, at: address, folder: folder)
            #expect(host.round(host.ballot(2)).ballotWrite == .succeeded)
            return SendableBox(host)
        }
        try bench.format(mayDestroyContent: true)
        try bench.client.run {
            let result = host.value.round()
            #expect(result.slots[1].verdict == .foreign)
            #expect(!result.ballotsRead)
        }
        #expect(bench.names(in: "ballots") == ["0.0", "1.0", "2.0"])
        bench.kill()
        try bench.start()
        try bench.client.run {
            // The connection to the former server is found dead by this round.
            host.value.round()
            let result = host.value.round(host.value.ballot(3))
            #expect(result.slotWrite == .failed)
            #expect(result.ballotWrite == .failed)
            #expect(!result.slotsRead)
            #expect(host.value.report.current.trouble == .otherGeneration(path: "\(address)"))
        }
        #expect(bench.names(in: "ballots") == ["0.0", "1.0", "2.0"])
    }
}

/// What the test's main thread keeps for the client's thread, which alone uses it.
struct SendableBox<Value>: @unchecked Sendable {
    let value: Value
    init(_ value: Value) { self.value = value }
}
