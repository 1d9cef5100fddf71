import AdminProtocol
import LinuxPlatform
import LivesetEngine
import NodeRuntime
import PoolModel
import Synchronization

/// The one way of ordinary threads to the engine: posts inputs, and waits for answers to requests.
///
/// A ring has one producer; the mutex makes all callers one. The engine's answers come back through the
/// bridge, which puts them here and wakes whoever waits.
final class EngineDoor: Sendable {
    private struct State {
        var lastTicket: UInt64 = 0
        var answers: [UInt64: RequestAnswer] = [:]
    }

    private let link: EngineLink
    private let state = Mutex(State())
    private let answered: Waker
    private let asking = Mutex(())

    /// How long a request waits for the engine's next step.
    static let patience = TimeSpan.milliseconds(1000)

    /// The door to the engine behind `link`.
    init(link: EngineLink) throws(SystemError) {
        self.link = link
        answered = try Waker()
    }

    /// Posts an input that needs no answer; false when the ring is full: post it again later.
    func post(_ input: EngineInput) -> Bool {
        state.withLock { _ in link.post(input, by: .bridge) }
    }

    /// Asks and waits for the answer, at most `patience`; nil when none came.
    ///
    /// One caller at a time; never the bridge.
    func ask(_ request: OperatorRequest) -> RequestAnswer? {
        asking.withLock { _ in
            let ticket = state.withLock { state -> UInt64? in
                state.lastTicket += 1
                let isQueued = link.post(.requested(request, ticket: state.lastTicket), by: .bridge)
                return isQueued ? state.lastTicket : nil
            }
            guard let ticket else { return nil }
            return waitForAnswer(to: ticket)
        }
    }

    private func waitForAnswer(to ticket: UInt64) -> RequestAnswer? {
        let deadline = BootClock().now() + EngineDoor.patience
        while true {
            if let answer = state.withLock({ $0.answers.removeValue(forKey: ticket) }) { return answer }
            guard BootClock().now() < deadline else { return nil }
            _ = answered.wait(until: deadline)
        }
    }

    /// The bridge: posts a request whose answer nobody waits for.
    func request(_ request: OperatorRequest) -> Bool {
        state.withLock { _ in link.post(.requested(request, ticket: 0), by: .bridge) }
    }

    /// The bridge: brings the engine's answers in.
    func deliver() {
        while let answer = link.answers.pop() {
            guard answer.ticket != 0 else { continue }
            state.withLock { state in
                // An answer that came after its asker gave up is not kept for ever.
                if state.answers.count > 16 { state.answers.removeAll() }
                state.answers[answer.ticket] = answer.answer
            }
        }
        answered.wake()
    }
}
