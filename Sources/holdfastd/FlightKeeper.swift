import AdminProtocol
import FlightFormat
import JournalLog
import LinuxPlatform
import NodeRuntime
import PoolModel
import Synchronization

/// Saves the flight recording when this host stops itself, and when an operator asks.
///
/// One ordinary thread, which alone touches the disk; whoever asks it waits no longer than `patience`. A
/// fence does not wait for it at all: the thread looks by itself, and how far it comes before the reset is
/// chance. So it writes the newest segment first, which takes milliseconds, and everything after that, under
/// the same name. A file system that hangs hangs this thread and nothing else.
final class FlightKeeper: Sendable {
    private struct State {
        var lastTicket: UInt64 = 0
        /// The ticket that the thread works on or will; nil when it has nothing to do.
        var wanted: UInt64?
        var answer: (ticket: UInt64, result: Result<FlightSaved, AdminFailure>)?
    }

    /// How long an operator's request waits for the disk.
    static let patience = TimeSpan.seconds(3)
    /// How often the thread looks for a fence that nobody told it of: of an engine that hangs.
    private static let lookInterval = TimeSpan.milliseconds(100)

    private let ring: FlightRing
    private let folder: FlightFolder
    private let own: HostIndex
    private let hostNames: [String]
    private let log: DaemonLog
    private let waker: Waker
    private let answered: Waker
    private let state = Mutex(State())

    /// A keeper of `ring`; `waker` is woken when a fence begins.
    init(
        ring: FlightRing,
        folder: FlightFolder,
        own: HostIndex,
        hostNames: [String],
        log: DaemonLog,
        waker: Waker
    ) throws(SystemError) {
        self.ring = ring
        self.folder = folder
        self.own = own
        self.hostNames = hostNames
        self.log = log
        self.waker = waker
        answered = try Waker()
    }

    /// Starts the thread; `isFencing` says whether this host stops itself.
    func start(isFencing: @escaping @Sendable () -> Bool) throws(SystemError) {
        _ = try PlatformThread.start(name: "hf-flight") {
            var isSaved = false
            while true {
                let fences = isFencing()
                if fences && !isSaved { self.saveFence() }
                isSaved = fences
                self.answerRequest()
                _ = self.waker.wait(until: BootClock().now() + FlightKeeper.lookInterval)
            }
        }
    }

    // MARK: requests

    /// Has the recording saved, and waits for that.
    func save() throws(AdminFailure) -> FlightSaved {
        let ticket = state.withLock { state -> UInt64? in
            guard state.wanted == nil else { return nil }
            state.lastTicket += 1
            state.wanted = state.lastTicket
            return state.lastTicket
        }
        guard let ticket else {
            throw AdminFailure(
                .timedOut,
                "an earlier saving is not done yet: \(folder.directory) does not answer, or is slow"
            )
        }
        waker.wake()
        let deadline = BootClock().now() + FlightKeeper.patience
        while true {
            let answer = state.withLock { $0.answer }
            if let answer, answer.ticket == ticket { return try answer.result.get() }
            guard BootClock().now() < deadline else { break }
            _ = answered.wait(until: deadline)
        }
        throw AdminFailure(
            .timedOut,
            "the recording was not on the disk within \(FlightKeeper.patience); it is written to"
                + " \(folder.directory) when that answers"
        )
    }

    private func answerRequest() {
        guard let ticket = state.withLock({ $0.wanted }) else { return }
        let result: Result<FlightSaved, AdminFailure>
        do throws(AdminFailure) {
            result = .success(try saveAll(.asked))
        } catch {
            result = .failure(error)
        }
        state.withLock { state in
            state.wanted = nil
            state.answer = (ticket, result)
        }
        answered.wake()
    }

    // MARK: saving

    private func saveFence() {
        let wall = WallClock.nanosecondsSince1970
        let name = FlightFolder.name(.selfFence, wallNanoseconds: wall)
        let head = head(.selfFence, wall)
        do throws(SystemError) {
            // Oldest first in the list: the last is the one that holds the fence.
            if let newest = ring.contents().last { _ = try folder.save(head, copies(of: [newest]), as: name) }
            let saved = try folder.save(head, copies(of: ring.contents()), as: name)
            log.note(.flightRecording, .notice, "the flight recording is saved: \(saved.path)")
            folder.prune(.selfFence)
        } catch {
            log.note(.flightRecording, .error, "the flight recording could not be saved: \(error)")
        }
    }

    private func saveAll(_ reason: FlightReason) throws(AdminFailure) -> FlightSaved {
        let wall = WallClock.nanosecondsSince1970
        let head = head(reason, wall)
        let stretches = copies(of: ring.contents())
        do throws(SystemError) {
            let name = FlightFolder.name(reason, wallNanoseconds: wall)
            let saved = try folder.save(head, stretches, as: name)
            folder.prune(reason)
            let reach = stretches.first.map { (head.savedAt - $0.begunAt).inMilliseconds } ?? 0
            return FlightSaved(path: saved.path, byteCount: saved.byteCount, reachMilliseconds: reach)
        } catch {
            throw AdminFailure(
                .failed,
                "the flight recording could not be saved: \(error); no former recording was touched"
            )
        }
    }

    private func head(_ reason: FlightReason, _ wallNanoseconds: Int64) -> FlightHead {
        FlightHead(
            reason: reason,
            own: own,
            hostNames: hostNames,
            product: HoldfastVersion.text,
            savedAtUnixNanoseconds: wallNanoseconds,
            savedAt: BootClock().now()
        )
    }

    /// Copies; a segment whose place was given to a newer one meanwhile is left out.
    private func copies(of contents: [FlightStretch]) -> [FlightStretch] {
        contents.compactMap { content in
            var stretch = content
            return ring.copy(&stretch) ? stretch : nil
        }
    }
}

/// The flight recorder's memory and who saves it.
struct FlightParts: Sendable {
    let ring: FlightRing
    let keeper: FlightKeeper
}

/// Wakes two threads with one call.
final class WakerPair: LoopWaker {
    private let first: any LoopWaker
    private let second: any LoopWaker

    /// A waker of both.
    init(_ first: any LoopWaker, _ second: any LoopWaker) {
        self.first = first
        self.second = second
    }

    /// Ends both waits.
    func wake() {
        first.wake()
        second.wake()
    }
}
