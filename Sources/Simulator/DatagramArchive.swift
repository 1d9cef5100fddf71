import ByteFormat
import PoolModel

/// Datagrams that somebody recorded: some of each host, of all its lives, younger ones more often.
final class DatagramArchive {
    private static let placesPerHost = 16
    private let room: Int
    private var bytes: AlignedBuffer
    private var counts: [Int]

    init(hostCount: Int, room: Int) {
        self.room = room
        bytes = AlignedBuffer(minimumByteCount: hostCount * DatagramArchive.placesPerHost * room)
        counts = Array(repeating: 0, count: hostCount * DatagramArchive.placesPerHost)
    }

    /// Records a datagram of `sender` in a place of chance.
    func record(_ datagram: Span<UInt8>, of sender: HostIndex, _ random: inout SeededRandom) {
        let place = sender.row * DatagramArchive.placesPerHost + random.below(DatagramArchive.placesPerHost)
        bytes.copy(datagram, to: place * room)
        counts[place] = datagram.count
    }

    /// Lends a recorded datagram of `sender`; nil when the place that chance chose is empty.
    func withRecorded<Result>(
        of sender: HostIndex,
        _ random: inout SeededRandom,
        _ body: (Span<UInt8>) -> Result
    ) -> Result? {
        let first = sender.row * DatagramArchive.placesPerHost
        let used = (first..<first + DatagramArchive.placesPerHost).filter { counts[$0] > 0 }
        guard !used.isEmpty else { return nil }
        let place = used[random.below(used.count)]
        return bytes.withBytes(in: place * room..<place * room + counts[place], body)
    }
}
