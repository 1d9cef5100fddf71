internal import Glibc
import LinuxPlatform
import PoolModel

/// The sockets of a device's sessions, waited for together, in memory that is made once.
///
/// Safety: `entries` has `count` elements, made in `init`, never changed, and freed in `deinit`.
@safe
final class PollSet {
    private let count: Int
    private let entries: UnsafeMutableBufferPointer<pollfd>
    private let clock = BootClock()
    private var wakeCount = 0
    /// How many sockets ever had something.
    private(set) var eventCount = 0

    /// Wakes for one request after which each waits a millisecond: more than any answer needs.
    private static let spinLimit = 4096

    init(count: Int) {
        self.count = count
        unsafe entries = UnsafeMutableBufferPointer.allocate(capacity: count)
        unsafe entries.initialize(repeating: pollfd(fd: -1, events: 0, revents: 0))
    }

    deinit { unsafe entries.deallocate() }

    /// The entry at `index`; the buffer is bounds-checked.
    subscript(index: Int) -> pollfd {
        get {
            precondition((0..<count).contains(index), "a session has its place")
            return unsafe entries[index]
        }
        set {
            precondition((0..<count).contains(index), "a session has its place")
            unsafe entries[index] = newValue
        }
    }

    /// Waits for any of them, at most until `deadline`.
    ///
    /// The corresponding C function is `poll`. A descriptor that is ready again and again without an answer
    /// ever coming must not eat the storage thread's core, for it has a real-time priority.
    func wait(until deadline: MonotonicInstant) {
        let left = deadline - clock.now()
        let milliseconds = min(max((left.nanoseconds + 999_999) / 1_000_000, 0), 1_000)
        // `count` entries are passed and live over the call; an interrupted wait counts as one without news.
        let ready = unsafe poll(entries.baseAddress, nfds_t(count), Int32(milliseconds))
        if ready > 0 { eventCount += Int(ready) }
        if ready < 0 { for index in 0..<count { unsafe entries[index].revents = 0 } }
        wakeCount += 1
        if wakeCount > PollSet.spinLimit { _ = poll(nil, 0, 1) }
    }

    /// A request begins: its wakes are counted from here.
    func expectNews() { wakeCount = 0 }
}

/// The signal of a write to a connection that is gone.
enum BrokenPipes {
    /// It is ignored from now on, by the whole process: the failed call says the same.
    static func ignore() { _ = signal(SIGPIPE, SIG_IGN) }
}
