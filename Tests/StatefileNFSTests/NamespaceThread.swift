import LabPlatform
import LinuxPlatform
import PoolModel
import Synchronization

/// A thread that lives in a network namespace and does there what it is given, one thing after the other.
///
/// Sockets that it opens and processes that it starts belong to the namespace; the processes end with it.
final class NamespaceThread: Sendable {
    private struct State {
        var jobs: [@Sendable () -> Void] = []
        var isEnding = false
        var thread: PlatformThread?
    }

    private let state = Mutex(State())
    private let waker: LinuxPlatform.Waker

    init(namespace: String) throws {
        waker = try LinuxPlatform.Waker()
        let thread = try PlatformThread.start(name: "hf-test-netns") { [self] in work() }
        state.withLock { $0.thread = thread }
        try run { try Namespaces.enterNetwork(namespace) }
    }

    private func work() {
        while true {
            let (job, isEnding) = state.withLock { state in
                (state.jobs.isEmpty ? nil : state.jobs.removeFirst(), state.isEnding)
            }
            if let job {
                job()
            } else if isEnding {
                return
            } else {
                _ = waker.wait(until: BootClock().now() + .seconds(60))
            }
        }
    }

    /// Where a result waits for the one who asked.
    private final class Answer<Value: Sendable>: Sendable {
        let value = Mutex<Result<Value, any Error>?>(nil)
    }

    /// Does it there and returns what it gave.
    @discardableResult
    func run<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) throws -> Value {
        let answer = Answer<Value>()
        let done = try LinuxPlatform.Waker()
        state.withLock { state in
            state.jobs.append {
                let result = Result { try body() }
                answer.value.withLock { $0 = result }
                done.wake()
            }
        }
        waker.wake()
        guard done.wait(until: BootClock().now() + .seconds(600)) else {
            throw LabError("a test's thread did not come back within 10 min")
        }
        guard let found = answer.value.withLock({ $0 }) else { throw LabError("a thread gave nothing") }
        return try found.get()
    }

    /// Lets it do this, and does not wait.
    func begin(_ body: @escaping @Sendable () -> Void) {
        state.withLock { $0.jobs.append(body) }
        waker.wake()
    }

    /// Ends the thread, and with it the processes that it started.
    func end() {
        let thread = state.withLock { state in
            state.isEnding = true
            return state.thread.take()
        }
        waker.wake()
        thread?.join()
    }
}
