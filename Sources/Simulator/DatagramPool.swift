import ByteFormat
import NodeRuntime
import PoolModel

/// The bytes of all datagrams under way; places are used again.
final class DatagramPool {
    private struct Facts: BitwiseCopyable {
        var byteCount = 0
        var network = 0
        var addressOwner: HostIndex?
        /// Sent by the daemon that it says, unchanged and for the first time.
        var isGenuine = false
    }

    /// The most bytes of one datagram.
    let room: Int
    private var arena: AlignedBuffer
    private var facts: [Facts] = []
    private var free: [Int] = []

    init(largestBytes: Int) {
        room = (largestBytes + 64) / 64 * 64
        arena = AlignedBuffer(minimumByteCount: room * 64)
    }

    /// Keeps a copy of `bytes`, until it is taken or dropped.
    func add(_ bytes: Span<UInt8>, over network: Int, from address: HostIndex?, isGenuine: Bool) -> Int {
        precondition(bytes.count <= room, "a datagram of the world has room in its place")
        let place = nextPlace()
        arena.copy(bytes, to: place * room)
        facts[place] = Facts(
            byteCount: bytes.count,
            network: network,
            addressOwner: address,
            isGenuine: isGenuine
        )
        return place
    }

    private func nextPlace() -> Int {
        if let place = free.popLast() { return place }
        facts.append(Facts())
        if facts.count * room > arena.byteCount {
            var larger = AlignedBuffer(minimumByteCount: arena.byteCount * 2)
            larger.copy(0..<arena.byteCount, of: arena, to: 0)
            arena = larger
        }
        return facts.count - 1
    }

    func isGenuine(_ place: Int) -> Bool { facts[place].isGenuine }

    /// Lends the bytes of a datagram.
    func withBytes<Result>(of place: Int, _ body: (Span<UInt8>) -> Result) -> Result {
        arena.withBytes(in: place * room..<place * room + facts[place].byteCount, body)
    }

    /// Changes one byte of a datagram on its way.
    func change(byte index: Int, of place: Int, by bits: UInt8) {
        facts[place].isGenuine = false
        guard facts[place].byteCount > 0 else { return }
        let offset = place * room + index % facts[place].byteCount
        arena.withMutableBytes(in: offset..<offset + 1) { bytes in bytes[0] ^= bits }
    }

    /// Cuts a datagram on its way, or makes it longer by what lies behind it.
    func setLength(of place: Int, to byteCount: Int) {
        precondition(byteCount <= room, "a datagram of the world has room in its place")
        facts[place].isGenuine = false
        facts[place].byteCount = byteCount
    }

    /// Hands a datagram to its receiver; its place is free.
    func take(_ place: Int, into bytes: inout MutableSpan<UInt8>) -> ReceivedDatagram {
        let facts = facts[place]
        let start = place * room
        arena.copy(start..<start + min(facts.byteCount, bytes.count), into: &bytes)
        free.append(place)
        return ReceivedDatagram(
            byteCount: facts.byteCount,
            network: facts.network,
            addressOwner: facts.addressOwner
        )
    }

    /// Nobody receives this datagram.
    func drop(_ place: Int) { free.append(place) }
}
