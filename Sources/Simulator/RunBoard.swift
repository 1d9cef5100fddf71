import NodeRuntime
import PoolModel

/// What the ports of one daemon run and the world share: what is under way between the loops and the host.
final class RunBoard {
    /// How far the round between engine loop and storage loop has come.
    enum RoundProgress: BitwiseCopyable { case idle, waiting, underWay, ended }

    let woken = WokenThreads()
    /// Datagrams that wait in the socket's buffer, oldest first.
    private(set) var inbox = DatagramQueue()
    var round = RoundProgress.idle
    var request = RoundRequest(id: 0)
    let result: RoundResult
    /// The daemon holds the open watchdog.
    var isDeviceOpen = false
    /// Permits to disarm that were given and not carried out.
    var permits = 0
    /// The reset was ordered and works.
    var hasFired = false
    /// What the daemon sees of its carriers.
    var carriersUp = true
    /// The orders being carried out were composed before a stop.
    var ordersAreLate = false

    init(hostCount: Int) { result = RoundResult(hostCount: hostCount) }

    func receive(_ datagram: Int) { inbox.append(datagram) }

    func takeDatagram() -> Int? { inbox.popFirst() }
}

/// A queue of datagrams; a socket's buffer holds so many.
struct DatagramQueue: Sendable {
    static let limit = 256
    private var places: [Int] = []
    private var first = 0

    var count: Int { places.count - first }
    var isFull: Bool { count >= DatagramQueue.limit }

    mutating func append(_ datagram: Int) { places.append(datagram) }

    mutating func popFirst() -> Int? {
        guard first < places.count else { return nil }
        let datagram = places[first]
        first += 1
        if first == places.count {
            places.removeAll(keepingCapacity: true)
            first = 0
        }
        return datagram
    }
}
