public import LinuxPlatform
public import PoolModel
import Synchronization

/// What the manager's loop knows at one moment, as a value for the control socket's thread.
public struct ManagerView: Sendable {
    /// This host's name.
    public var host: String
    /// Everything that was decided and read; nil before the record areas are open.
    public var core: ManagerCore?
    /// The names of the hosts, by row.
    public var hosts: [String] = []
    /// The newest liveset; nil before the daemon's first answer.
    public var liveset: LivesetSnapshot?
    /// What runs here.
    public var guests: [RunningGuest] = []
    /// Memory for guests.
    public var totalMiB = 0
    /// When the daemon answered last.
    public var daemonAnsweredAt: MonotonicInstant?
    /// When the areas were read last.
    public var readAt: MonotonicInstant?
    /// When the own area was written last.
    public var writtenAt: MonotonicInstant?
    /// What is wrong, by part.
    public var troubles: [String: String] = [:]

    /// The view of a host that knows nothing yet.
    public init(host: String) { self.host = host }
}

/// Where the loop and the control socket's thread meet: a view to read, requests to hand in.
public final class ManagerBoard: Sendable {
    private struct Content {
        var view: ManagerView
        var inbox: [ManagerRequest] = []
        var waiting: [String] = []
        var answers: [RequestAnswer] = []
        var count: UInt64 = 0
    }

    private let content: Mutex<Content>
    private let waker: Waker
    private let run: String

    /// The most answers kept for callers who ask again.
    private static let answerLimit = 256

    /// A board of the host of this name; `waker` wakes the loop.
    public init(host: String, waker: Waker) {
        content = Mutex(Content(view: ManagerView(host: host)))
        self.waker = waker
        run = String(KernelRandom.bits64(), radix: 36)
    }

    /// What the loop published last.
    public var view: ManagerView { content.withLock { $0.view } }

    /// Hands a request in and gives its name.
    public func ask(_ kind: ManagerRequest.Kind, by: String) -> String {
        let id = content.withLock { content in
            content.count += 1
            let id = "\(content.view.host)-\(run)-\(content.count)"
            content.inbox.append(ManagerRequest(id: id, by: by, kind: kind))
            content.waiting.append(id)
            return id
        }
        waker.wake()
        return id
    }

    /// What became of a request.
    public enum Progress: Sendable {
        /// The master's answer.
        case answered(RequestAnswer)
        /// It waits.
        case waiting
        /// Nobody asked that here, or it is long ago.
        case unknown
    }

    /// What became of the request of this name.
    public func progress(of id: String) -> Progress {
        content.withLock { content in
            if let answer = content.answers.first(where: { $0.id == id }) { return .answered(answer) }
            return content.waiting.contains(id) ? .waiting : .unknown
        }
    }

    // MARK: For the loop

    func publish(_ view: ManagerView) { content.withLock { $0.view = view } }

    func takeInbox() -> [ManagerRequest] {
        content.withLock { content in
            defer { content.inbox = [] }
            return content.inbox
        }
    }

    func settle(_ answer: RequestAnswer) {
        content.withLock { content in
            content.waiting.removeAll { $0 == answer.id }
            content.answers.append(answer)
            if content.answers.count > ManagerBoard.answerLimit { content.answers.removeFirst() }
        }
    }
}
