import ByteFormat
import LabPlatform
import LinuxPlatform
import PoolModel
import RuntimeFakes
import StatefileLayout
import StatefileMedium
import StatefileNFS
import Testing

/// [REC-1] on NFS: pool records in a file for each run of a host's manager.
@Suite(.serialized, .enabled(if: GaneshaBench.isPossible, "needs root, namespaces and nfs-ganesha"))
struct PoolRecordTests {
    /// One process that reads pool records, or writes those of its host.
    private final class Records {
        private var device: NFSDevice
        private let header: StatefileHeader
        private var buffer: AlignedBuffer
        private var authenticator = SumAuthenticator(key: 1)

        init(
            _ header: StatefileHeader,
            at address: NFSAddress,
            writerFolder: String? = nil
        ) throws {
            self.header = header
            buffer = AlignedBuffer(minimumByteCount: header.geometry.poolCopyBytes)
            if let writerFolder { try FileTree.makeFolder(writerFolder) }
            device = NFSDevice(
                address,
                StatefileUse(writerFolder == nil ? .read : .readWrite, .records),
                hostName: header.hostNames[0],
                stateDirectory: writerFolder
            )
            _ = try open()
        }

        var lateWrites: LateWrites { device.lateWrites }
        var openWay: String? { device.wayOfFormerWrites }

        func open() throws(StatefileError) -> Bool { try device.open(until: BootClock().now() + .seconds(5)) }
        func settle() { device.settle(until: BootClock().now() + .seconds(5)) }

        private func place(_ copy: Int) throws -> Int {
            try #require(header.geometry.poolRecord(of: HostIndex(0), copy: copy)).lowerBound
        }

        /// Writes a record of 9,000 bytes; nil, or what went wrong.
        func write(_ sequence: UInt64, copy: Int, within span: TimeSpan = .seconds(5)) throws
            -> StatefileError?
        {
            let payload = [UInt8](repeating: UInt8(sequence), count: 9000)
            let heading = PoolRecordHeading(
                writer: HostIndex(0),
                epoch: .zero,
                sequence: sequence,
                payloadBytes: payload.count
            )
            let codec = header.codec
            let count = codec.poolRecordBytes(payloadBytes: payload.count)
            _ = try buffer.withMutableBytes(in: 0..<count) { room in
                try codec.encode(
                    heading,
                    copy: copy,
                    payload: payload.span,
                    into: &room,
                    authenticator: &authenticator
                )
            }
            let offset = try place(copy)
            do throws(StatefileError) {
                try device.write(
                    buffer,
                    byteCount: count,
                    offsetBytes: offset,
                    until: BootClock().now() + span
                )
                return nil
            } catch {
                return error
            }
        }

        /// The sequences of the host's four copies; 0 for what *format* left, nil for what is not valid.
        func read() throws -> [UInt64?] {
            try (0..<StatefileGeometry.poolCopies).map { copy in
                let codec = header.codec
                let count = codec.poolRecordBytes(payloadBytes: 9000)
                try device.read(
                    offsetBytes: try place(copy),
                    byteCount: count,
                    into: &buffer,
                    until: BootClock().now() + .seconds(5)
                )
                return buffer.withBytes(in: 0..<count) { bytes in
                    let reading = codec.decodePoolRecord(
                        bytes,
                        of: HostIndex(0),
                        copy: copy,
                        authenticator: &authenticator
                    )
                    if case .valid(let heading, _) = reading { return heading.sequence }
                    return nil
                }
            }
        }
    }

    @Test func aNewRunKeepsAllCopiesAndReadersFollowIt() throws {
        let bench = try GaneshaBench()
        let header = try bench.format()
        let (address, folder) = (bench.address, bench.folder)
        try bench.client.run {
            let reader = try Records(header, at: address)
            #expect(try reader.read() == [0, 0, 0, 0])
            let first = try Records(header, at: address, writerFolder: folder + "/state")
            #expect(first.openWay == nil)
            #expect(try first.write(1, copy: 0) == nil)
            #expect(try first.write(2, copy: 1) == nil)
            #expect(try reader.read() == [1, 2, 0, 0])
            let second = try Records(header, at: address, writerFolder: folder + "/state")
            #expect(try second.read() == [1, 2, 0, 0])
            #expect(try second.write(3, copy: 2) == nil)
            // The reader has a handle of the former run's file, which is gone.
            #expect(try reader.read() == [1, 2, 3, 0])
        }
        #expect(bench.names(in: "records") == ["0.2", "1.0", "2.0"])
        #expect(try bench.check().problems.isEmpty)
    }

    @Test func aFormerRunThatComesToLifeAgainWritesNothing() throws {
        let bench = try GaneshaBench()
        let header = try bench.format()
        let (address, folder) = (bench.address, bench.folder)
        try bench.client.run {
            let former = try Records(header, at: address, writerFolder: folder + "/state")
            #expect(try former.write(1, copy: 0) == nil)
            let present = try Records(header, at: address, writerFolder: folder + "/state")
            #expect(try present.write(2, copy: 1) == nil)
            #expect(try former.write(3, copy: 1) != nil)
            #expect(try present.read() == [1, 2, 0, 0])
        }
    }

    @Test func aWriteOfUnknownOutcomeEndsTheFileAndTheNextOneHasWhatWasAcknowledged() throws {
        let bench = try GaneshaBench()
        let header = try bench.format()
        let (address, folder) = (bench.address, bench.folder)
        try bench.client.run {
            let writer = try Records(header, at: address, writerFolder: folder + "/state")
            #expect(try writer.write(1, copy: 0) == nil)
            bench.freeze()
            #expect(try writer.write(2, copy: 1, within: .milliseconds(200)) != nil)
            #expect(writer.lateWrites.mayLand)
            #expect(writer.openWay != nil)
            #expect(try writer.write(3, copy: 2) != nil)
            bench.thaw()
            _ = try writer.open()
            writer.settle()
            #expect(!writer.lateWrites.mayLand)
            #expect(writer.openWay == nil)
            #expect(try writer.write(4, copy: 3) == nil)
            let copies = try writer.read()
            #expect(copies[0] == 1)
            #expect(copies[3] == 4)
            // The late one landed before the new file was made, or nowhere.
            #expect(copies[1] == 0 || copies[1] == 2)
            LabPlatform.Poller.wait(for: 300)
            #expect(try writer.read() == copies)
        }
    }
}
