import NodeRuntime
import Synchronization

/// Threads of a daemon, as a set.
struct DaemonThreads: OptionSet, BitwiseCopyable, Sendable {
    let rawValue: UInt8
    static let fence = DaemonThreads(rawValue: 1)
    static let engine = DaemonThreads(rawValue: 2)
    static let storage = DaemonThreads(rawValue: 4)
    static let bridge = DaemonThreads(rawValue: 8)
    static let persister = DaemonThreads(rawValue: 16)
    static let guestStopper = DaemonThreads(rawValue: 32)
    /// Each of them, more urgent ones first.
    static let each: [DaemonThreads] = [.fence, .engine, .storage, .persister, .guestStopper, .bridge]
}

/// Which threads of one daemon run were woken and have not run since.
final class WokenThreads: Sendable {
    private let bits = Atomic<UInt8>(0)

    func insert(_ threads: DaemonThreads) { bits.bitwiseOr(threads.rawValue, ordering: .relaxed) }

    /// Takes all of them.
    func takeAll() -> DaemonThreads {
        guard bits.load(ordering: .relaxed) != 0 else { return [] }
        return DaemonThreads(rawValue: bits.exchange(0, ordering: .relaxed))
    }
}

/// Wakes one thread: the world runs it in the same instant.
final class ThreadWaker: LoopWaker {
    private let woken: WokenThreads
    private let thread: DaemonThreads

    init(_ thread: DaemonThreads, of woken: WokenThreads) {
        self.woken = woken
        self.thread = thread
    }

    func wake() { woken.insert(thread) }
}
