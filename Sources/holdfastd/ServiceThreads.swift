import DaemonConfig
import JournalLog
import LinuxPlatform
import LivesetEngine
import NodeRuntime
import PoolModel

/// The ordinary threads beside the loops: own file, guests, witnesses.
///
/// Nothing waits for them but their own work.
enum ServiceThreads {
    /// Writes the host's own file, and answers the engine.
    static func startPersister(
        link: EngineLink,
        waker: Waker,
        file: IncarnationFile,
        log: DaemonLog
    ) throws(SystemError) -> PlatformThread {
        try PlatformThread.start(name: "hf-persist") {
            while true {
                guard let record = link.recordsToPersist.pop() else {
                    _ = waker.wait(until: BootClock().now() + .seconds(60))
                    continue
                }
                persist(record, link, file, log)
            }
        }
    }

    private static func persist(
        _ record: PersistedIncarnation,
        _ link: EngineLink,
        _ file: IncarnationFile,
        _ log: DaemonLog
    ) {
        var succeeded = true
        do throws(OwnFileError) {
            try file.write(record)
        } catch {
            succeeded = false
            log.note(.configuration, .error, "\(error)", ["REASON": "state-directory"])
            // The engine asks again at once; a full disk is not asked a thousand times a second.
            BootClock().sleep(until: BootClock().now() + .seconds(1))
        }
        let answer = EngineInput.incarnationPersisted(record, succeeded: succeeded)
        while !link.post(answer, by: .persister) {
            BootClock().sleep(until: BootClock().now() + .milliseconds(5))
        }
    }

    /// Stops every guest when a fence begins, and tells the engine whether that is proved.
    static func startGuestStopper(
        parts: RunningParts,
        board: DaemonBoard,
        waker: Waker,
        log: DaemonLog
    ) throws(SystemError) -> PlatformThread {
        let cgroup = board.settings.fencing.guestCgroup.map { GuestCgroup(path: $0) }
        let bound = min(board.settings.timing.derived.watchdog / 2, .seconds(1)) * 0.8
        return try PlatformThread.start(name: "hf-guests") {
            var hasAnswered = false
            while true {
                guard parts.fence.isGuestStopOrdered else {
                    hasAnswered = false
                    _ = waker.wait(until: BootClock().now() + .seconds(1))
                    continue
                }
                guard !hasAnswered else {
                    BootClock().sleep(until: BootClock().now() + .milliseconds(200))
                    continue
                }
                hasAnswered = true
                let start = BootClock().now()
                let proven = stop(cgroup, board, deadline: start + bound, log)
                if proven { parts.fence.noteGuestsStopped() }
                waitForRecord(board, isProven: proven, start: start, bound: bound)
                while !parts.engine.post(.guestsStopped(proven: proven), by: .guestStopper) {
                    BootClock().sleep(until: BootClock().now() + .milliseconds(1))
                }
            }
        }
    }

    /// The engine fires on the answer: reason and figures are in the log and, where no tombstone follows,
    /// the last words have time to reach the statefile.
    ///
    /// Within the fence loop's own bound, which waits for nobody.
    private static func waitForRecord(
        _ board: DaemonBoard,
        isProven: Bool,
        start: MonotonicInstant,
        bound: TimeSpan
    ) {
        let end = start + bound
        let least = isProven ? start : start + bound / 2
        while true {
            let now = BootClock().now()
            guard now < end, now < least || !board.isFenceRecorded else { return }
            BootClock().sleep(until: now + .milliseconds(2))
        }
    }

    /// Proved: the kernel says that the cgroup is empty, or nothing ran; and no permit may still start a
    /// guest.
    private static func stop(
        _ cgroup: GuestCgroup?,
        _ board: DaemonBoard,
        deadline: MonotonicInstant,
        _ log: DaemonLog
    ) -> Bool {
        guard let cgroup else {
            let hasNone = board.guests.hasProvablyNone(at: BootClock().now())
            let sentence =
                hasNone
                ? "no guest runs on this host"
                : "guests may run on this host and no fencing.guest-cgroup is configured: the reset stops"
                    + " them"
            log.note(.guestsStopped, hasNone ? .notice : .critical, sentence)
            return hasNone
        }
        let proof = cgroup.stopAll(deadline: deadline)
        let mayStillStart = board.guests.mayStillStart(at: BootClock().now())
        let isProven = proof.isProven && !mayStillStart
        let extra =
            mayStillStart ? "; a start that was permitted before may still come, so nothing is certified" : ""
        log.note(
            .guestsStopped,
            .critical,
            "\(proof)\(extra)",
            ["REASON": isProven ? "proven" : "not-proven"]
        )
        return isProven
    }

    /// Asks the witnesses and tells the engine when *all answer* changes.
    ///
    /// Nothing to start without witnesses.
    static func startWitnesses(
        _ list: [(network: Int, witness: SocketAddress, source: SocketAddress)],
        link: EngineLink,
        board: DaemonBoard,
        networkTimeout: TimeSpan
    ) throws(SystemError) {
        guard !list.isEmpty else { return }
        _ = try PlatformThread.start(name: "hf-witness") {
            let clock = BootClock()
            let pairs = list.map { (witness: $0.witness, source: Optional($0.source)) }
            var probe = WitnessProbe(pairs, networkTimeout: networkTimeout, now: clock.now())
            var untold: Bool?
            while true {
                let now = clock.now()
                untold = probe.turn(now: now) ?? untold
                for (place, entry) in list.enumerated() {
                    let answers = now - probe.lastAnswer(of: place) < networkTimeout * 3 / 4
                    board.note(witnessAnswers: answers, of: entry.network)
                }
                if let allAnswer = untold, link.post(.witnessesObserved(allAnswer: allAnswer), by: .witness) {
                    untold = nil
                }
                probe.waitForWork(limit: .milliseconds(200))
            }
        }
    }
}
