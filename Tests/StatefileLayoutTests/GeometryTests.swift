import PoolModel
import StatefileLayout
import Testing

@Suite("Statefile geometry")
struct GeometryTests {
    @Test("records of 3, 16 and 64 hosts take these bytes in blocks of 4096 and 512")
    func recordSizes() throws {
        let expected: [(hosts: Int, block: Int, header: Int, slot: Int, ballot: Int)] = [
            (3, 4096, 4096, 4096, 4096), (16, 4096, 4096, 4096, 4096), (64, 4096, 8192, 4096, 4096),
            (3, 512, 512, 512, 512), (16, 512, 1536, 1024, 1024), (64, 512, 4608, 1536, 2048),
        ]
        for row in expected {
            let geometry = try StatefileGeometry(
                deviceBytes: 1 << 30,
                hostCount: row.hosts,
                blockBytes: row.block
            )
            #expect(geometry.headerBytes == row.header)
            #expect(geometry.slotBytes == row.slot)
            #expect(geometry.ballotBytes == row.ballot)
            #expect(geometry.poolCopyBytes == 1 << 20)
        }
    }

    @Test("areas follow each other without overlap, and every record is on a block")
    func areas() throws {
        for (hosts, block, device) in [
            (1, 512, 1 << 20), (3, 4096, 16 << 20), (64, 512, 4 << 20), (64, 4096, 1 << 30),
        ] {
            let geometry = try StatefileGeometry(deviceBytes: device, hostCount: hosts, blockBytes: block)
            var ranges = [geometry.headerArea]
            for row in 0..<hosts { ranges.append(geometry.slot(of: HostIndex(row))) }
            for row in 0..<hosts {
                for subBlock in 0..<4 {
                    ranges.append(geometry.ballot(of: HostIndex(row), subBlock: subBlock))
                }
            }
            for row in 0..<hosts {
                for copy in 0..<4 {
                    if let range = geometry.poolRecord(of: HostIndex(row), copy: copy) {
                        ranges.append(range)
                    }
                }
            }
            var end = 0
            for range in ranges {
                #expect(range.lowerBound == end)
                #expect(range.lowerBound % block == 0)
                #expect(!range.isEmpty)
                end = range.upperBound
            }
            #expect(end == geometry.usedBytes)
            #expect(end <= device)
        }
    }

    @Test("XAPI's 266,240 bytes hold 12 hosts in blocks of 4096 and 36 in blocks of 512")
    func clusterStackDevice() throws {
        func geometry(_ hosts: Int, _ smallest: Int) throws -> StatefileGeometry {
            try StatefileGeometry(deviceBytes: 266_240, hostCount: hosts, smallestBlockBytes: smallest)
        }
        #expect(try geometry(12, 512).blockBytes == 4096)
        #expect(try geometry(12, 4096).blockBytes == 4096)
        #expect(try geometry(13, 512).blockBytes == 512)
        #expect(try geometry(36, 512).blockBytes == 512)
        #expect(try geometry(3, 4096).poolCopyBytes == 16 << 10)
        #expect(try !geometry(4, 4096).hasPoolRecords)
        #expect(
            throws: StatefileGeometryError.tooSmall(
                deviceBytes: 266_240,
                neededBytes: 4096 * 66,
                hostCount: 13,
                blockBytes: 4096
            )
        ) { try geometry(13, 4096) }
        #expect(throws: StatefileGeometryError.self) { try geometry(37, 512) }
    }

    @Test("4 MiB, which SM rounds up to, hold 64 hosts in blocks of 4096")
    func roundedUpDevice() throws {
        let geometry = try StatefileGeometry(deviceBytes: 4 << 20, hostCount: 64, smallestBlockBytes: 4096)
        #expect(geometry.blockBytes == 4096)
        #expect(!geometry.hasPoolRecords)
    }

    @Test("the recommended size gives every host full pool-record copies")
    func recommended() throws {
        for hosts in [1, 3, 64] {
            let bytes = try StatefileGeometry.recommendedBytes(hostCount: hosts)
            let geometry = try StatefileGeometry(
                deviceBytes: bytes,
                hostCount: hosts,
                smallestBlockBytes: 512
            )
            #expect(geometry.poolCopyBytes == StatefileGeometry.largestPoolCopyBytes)
            #expect(geometry.usedBytes == bytes)
        }
    }

    @Test("what cannot be laid out is refused with the figures")
    func refusals() {
        #expect(throws: StatefileGeometryError.unusableHostCount(0)) {
            try StatefileGeometry(deviceBytes: 1 << 20, hostCount: 0, smallestBlockBytes: 512)
        }
        #expect(throws: StatefileGeometryError.unusableHostCount(65)) {
            try StatefileGeometry(deviceBytes: 1 << 30, hostCount: 65, smallestBlockBytes: 512)
        }
        #expect(throws: StatefileGeometryError.unusableBlockSize(8192)) {
            try StatefileGeometry(deviceBytes: 1 << 30, hostCount: 3, smallestBlockBytes: 8192)
        }
        #expect(throws: StatefileGeometryError.unusableBlockSize(1024)) {
            try StatefileGeometry(deviceBytes: 1 << 30, hostCount: 3, blockBytes: 1024)
        }
        let error = StatefileGeometryError.tooSmall(
            deviceBytes: 512,
            neededBytes: 8192,
            hostCount: 3,
            blockBytes: 512
        )
        #expect(error.description.contains("it has 512 bytes"))
        #expect(error.description.contains("3 hosts need 8192 bytes"))
    }
}
