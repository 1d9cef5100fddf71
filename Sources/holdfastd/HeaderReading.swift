import ByteFormat
import DaemonConfig
import LinuxPlatform
import LivesetEngine
import MessageAuthentication
import NodeRuntime
import PoolModel
import StatefileLayout
import StatefileMedium
import StatefileTransports
import Synchronization

/// What the statefile's header gave, with what the engine is told for it.
struct HeaderFound: Sendable {
    let header: StatefileHeader
    let facts: DeviceFacts
}

/// Reads the header, again and again until it is there: a host without its statefile stays up and says so
/// ([JOIN-2]).
///
/// On a thread of its own, for the storage may hang.
final class HeaderReading: Sendable {
    /// What the reading thread found so far.
    enum Outcome: Sendable {
        /// Not yet, for this reason.
        case waiting(String)
        /// The header.
        case found(HeaderFound)
    }

    /// What is said before the first try has ended.
    static let notYet = "the statefile was not read yet"

    private let outcome = Mutex<Outcome>(.waiting(HeaderReading.notYet))
    private let waker: any LoopWaker

    /// A reading that wakes `waker` at each change.
    init(waker: any LoopWaker) { self.waker = waker }

    /// What is known now.
    var current: Outcome { outcome.withLock { $0 } }

    /// How long after a failure the next try comes.
    static let pause = TimeSpan.seconds(1)

    /// Starts the thread; it ends once the header was read.
    func start(source: StatefileSource, keys: PoolKeyPair) throws(SystemError) {
        _ = try PlatformThread.start(name: "hf-header") {
            var authenticator = HMACAuthenticator(current: keys.current, previous: keys.previous)
            while true {
                do throws(StatefileError) {
                    self.tell(.found(try HeaderReading.read(source, &authenticator)))
                    return
                } catch {
                    self.tell(.waiting(error.description))
                }
                BootClock().sleep(until: BootClock().now() + HeaderReading.pause)
            }
        }
    }

    private static func read(
        _ source: StatefileSource,
        _ authenticator: inout HMACAuthenticator
    ) throws(StatefileError) -> HeaderFound {
        var device = try source.device(for: StatefileUse(.read, .tool))
        _ = try device.open(until: ToolPatience.deadline)
        let header = try device.readHeader(authenticator: &authenticator, until: ToolPatience.deadline)
        return HeaderFound(header: header, facts: device.facts)
    }

    private func tell(_ news: Outcome) {
        outcome.withLock { $0 = news }
        waker.wake()
    }
}

/// The pool's keys as the authenticator takes them.
struct PoolKeyPair: Sendable {
    let current: PoolKey
    let previous: PoolKey?

    /// The pair of a key file; nil when a key has not 32 bytes, which the file's reader has checked.
    init?(_ keys: PoolKeys) {
        guard let current = PoolKey(keys.current) else { return nil }
        self.current = current
        previous = keys.previous.flatMap { PoolKey($0) }
    }
}
