import CLinux
public import NodeRuntime
public import PoolModel

/// Ends the wait of a `Poller` from any thread: an eventfd.
public final class Waker: LoopWaker {
    private let descriptor: Descriptor

    /// A waker that no poller waits for yet.
    public init() throws(SystemError) {
        let number = hf_eventfd_create()
        guard number >= 0 else { throw SystemError("eventfd", "waker", result: number) }
        descriptor = Descriptor(owning: number)
    }

    /// Ends the wait, or the next one.
    public func wake() { hf_eventfd_signal(descriptor.number) }

    var number: Int32 { descriptor.number }
    func drain() { hf_eventfd_drain(descriptor.number) }

    /// Waits for a wake on an ordinary thread; false when `instant` came first.
    public func wait(until instant: MonotonicInstant) -> Bool {
        let left = instant - BootClock().now()
        guard left.nanoseconds > 0 else { return take() }
        let milliseconds = min(left.nanoseconds / 1_000_000 + 1, 3_600_000)
        return hf_poll(number, true, false, Int32(milliseconds)) > 0 && take()
    }

    private func take() -> Bool {
        guard hf_poll(number, true, false, 0) > 0 else { return false }
        drain()
        return true
    }
}

/// Waits for descriptors, a waker and a point in time: epoll, eventfd and timerfd on CLOCK_BOOTTIME.
///
/// One thread owns it. Nothing allocates after `init`.
public struct Poller: ~Copyable {
    private let epoll: Descriptor
    private let timer: Descriptor
    private let waker: Waker
    private var armedFor = MonotonicInstant.distantPast

    /// A poller that `waker` wakes.
    public init(waker: Waker) throws(SystemError) {
        let epollNumber = hf_epoll_create()
        guard epollNumber >= 0 else { throw SystemError("epoll_create1", "poller", result: epollNumber) }
        let epoll = Descriptor(owning: epollNumber)
        let timerNumber = hf_timerfd_create()
        guard timerNumber >= 0 else { throw SystemError("timerfd_create", "poller", result: timerNumber) }
        let timer = Descriptor(owning: timerNumber)
        try Poller.add(waker.number, to: epoll)
        try Poller.add(timer.number, to: epoll)
        self.epoll = epoll
        self.timer = timer
        self.waker = waker
    }

    /// Ends waits also when `descriptor` is readable; it must outlive the poller or be removed.
    public func watch(_ descriptor: Int32) throws(SystemError) { try Poller.add(descriptor, to: epoll) }

    /// No longer waits for `descriptor`.
    public func unwatch(_ descriptor: Int32) { _ = hf_epoll_remove(epoll.number, descriptor) }

    /// Sleeps until something is readable, the waker was called, or `instant` has come; whichever is first.
    public mutating func wait(until instant: MonotonicInstant) {
        if instant <= BootClock().now() {
            // Due already: only look, so that a busy loop still takes its wakes.
            waitOnce(timeout: 0)
            return
        }
        if armedFor != instant {
            _ = hf_timerfd_set(timer.number, instant.nanoseconds)
            armedFor = instant
        }
        waitOnce(timeout: -1)
    }

    private mutating func waitOnce(timeout: Int32) {
        var tokens = InlineArray<32, UInt64>(repeating: 0)
        // At most 32 tokens are stored.
        let count = unsafe withUnsafeMutableBytes(of: &tokens) { room in
            unsafe hf_epoll_wait(
                epoll.number,
                room.assumingMemoryBound(to: UInt64.self).baseAddress,
                32,
                timeout
            )
        }
        guard count > 0 else { return }
        for index in 0..<Int(count) {
            if tokens[index] == UInt64(waker.number) { waker.drain() }
            if tokens[index] == UInt64(timer.number) {
                // Setting it again takes the expiry back; nothing needs to be read.
                _ = hf_timerfd_set(timer.number, 0)
                armedFor = .distantPast
            }
        }
    }

    private static func add(_ number: Int32, to epoll: borrowing Descriptor) throws(SystemError) {
        let result = hf_epoll_add(epoll.number, number, UInt64(number), true, false)
        guard result == 0 else { throw SystemError("epoll_ctl", "descriptor \(number)", result: result) }
    }
}
