import FlightFormat
import LivesetEngine
import NodeRuntime
import PoolModel
import RuntimeFakes
import Testing

/// A ring's content as a file, and what became of it when it was played again.
struct FlightTape {
    let bytes: [UInt8]
    var stepCount = 0
    var decidedCount = 0
    var unknownCount = 0
    var differentCount = 0
    /// Segments that begin with another state than the one before them ended with.
    var brokenCount = 0
    var segmentNumbers: [UInt64] = []
    /// Every order that was given, in words.
    var orders: [String] = []
    var firstStep: String?

    /// Copies the ring into a file and plays that.
    init(_ ring: FlightRing, own: HostIndex, keepsOrders: Bool = false) throws {
        var file = FlightFile.encode(
            FlightHead(
                reason: .asked,
                own: own,
                hostNames: (1...ring.hostCount).map { "lab\($0)" },
                product: "test",
                savedAtUnixNanoseconds: 0,
                savedAt: .distantPast
            )
        )
        for content in ring.contents() {
            var stretch = content
            guard ring.copy(&stretch) else { continue }
            file += FlightFile.encode(
                number: stretch.number,
                begunAt: stretch.begunAt,
                endedAt: stretch.endedAt,
                body: stretch.body.span
            )
        }
        bytes = file
        try play(hostCount: ring.hostCount, keepsOrders: keepsOrders)
    }

    private mutating func play(hostCount: Int, keepsOrders: Bool) throws {
        let file = try FlightFile(reading: bytes.span)
        #expect(file.damage == nil)
        var ended: (number: UInt64, hash: UInt64)?
        for segment in file.segments {
            segmentNumbers.append(segment.number)
            var player = try FlightPlayer(segment.body, of: bytes.span, hostCount: hostCount)
            if let ended, ended.number + 1 == segment.number, ended.hash != player.stateHash() {
                brokenCount += 1
            }
            while let step = try player.next(in: bytes.span) {
                stepCount += 1
                if firstStep == nil { firstStep = "\(step.entry.step)" }
                switch step.verdict {
                case .same: decidedCount += player.orders.list.isEmpty ? 0 : 1
                case .unknown: unknownCount += 1
                case .different: differentCount += 1
                }
                if keepsOrders { orders += player.orders.list.map { "\($0)" } }
            }
            ended = (segment.number, player.stateHash())
        }
    }
}
