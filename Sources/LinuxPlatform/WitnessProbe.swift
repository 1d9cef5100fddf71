import CLinux
public import PoolModel

/// Asks the configured witnesses for ICMP echoes and tells the engine loop when *all answer* changes
/// ([FAULT-3]).
///
/// A request every Tn/4; a witness that has not answered for 3/4 Tn does not answer: interval and time-out
/// together are Tn, as FAULT-3 wants, and one lost packet changes nothing. Runs on an ordinary thread of its
/// own.
public struct WitnessProbe: ~Copyable {
    private struct Witness {
        var number: Int32
        var isRaw: Bool
        var address: hf_address
        var source: hf_address?
        var lastAnswer: MonotonicInstant
    }

    private var witnesses: [Witness]
    private let identifier: UInt16
    private var sequence: UInt16 = 0
    private let interval: TimeSpan
    private let timeout: TimeSpan
    private var nextRequest = MonotonicInstant.distantPast
    private var reported: Bool?

    /// Probes these witnesses, each from this host's address on its network.
    public init(
        _ list: [(witness: SocketAddress, source: SocketAddress?)],
        networkTimeout: TimeSpan,
        now: MonotonicInstant
    ) {
        interval = networkTimeout / 4
        timeout = networkTimeout * 3 / 4
        identifier = UInt16(truncatingIfNeeded: KernelRandom.bits64())
        witnesses = list.map { pair in
            Witness(
                number: -1,
                isRaw: false,
                address: pair.witness.native,
                source: pair.source?.native,
                lastAnswer: .distantPast
            )
        }
    }

    deinit {
        for witness in witnesses where witness.number >= 0 { _ = hf_close(witness.number) }
    }

    /// When each witness answered last, in the order given; `distantPast` for never.
    public func lastAnswer(of place: Int) -> MonotonicInstant { witnesses[place].lastAnswer }

    /// One turn: takes answers, asks when it is time.
    ///
    /// Returns the new state of *all answer* when it changed.
    public mutating func turn(now: MonotonicInstant) -> Bool? {
        for place in witnesses.indices { takeAnswers(place, now: now) }
        if now >= nextRequest {
            nextRequest = now + interval
            sequence &+= 1
            for place in witnesses.indices { ask(place) }
        }
        let allAnswer = witnesses.allSatisfy { now - $0.lastAnswer < timeout }
        guard allAnswer != reported else { return nil }
        reported = allAnswer
        return allAnswer
    }

    /// Waits on this thread for answers or for the next thing to do, at most `limit`.
    public func waitForWork(limit: TimeSpan) {
        let milliseconds = Int32(clamping: max(1, min(limit, interval / 4).inMilliseconds))
        if let first = witnesses.first(where: { $0.number >= 0 }) {
            _ = hf_poll(first.number, true, false, milliseconds)
        } else {
            BootClock().sleep(until: BootClock().now() + .milliseconds(Int(milliseconds)))
        }
    }

    private mutating func ask(_ place: Int) {
        if witnesses[place].number < 0 { open(place) }
        guard witnesses[place].number >= 0 else { return }
        // The address is read only. A failed send is a missing answer.
        let result = unsafe hf_echo_send(
            witnesses[place].number,
            &witnesses[place].address,
            identifier,
            sequence
        )
        if result < 0, !hf_is_again(Int(result)) { reopen(place) }
    }

    private mutating func takeAnswers(_ place: Int, now: MonotonicInstant) {
        guard witnesses[place].number >= 0 else { return }
        for _ in 0..<64 {
            var answered: UInt16 = 0
            // Reads into a buffer of its own; the address is read only.
            let result = unsafe hf_echo_receive(
                witnesses[place].number,
                witnesses[place].address.family,
                witnesses[place].isRaw,
                &witnesses[place].address,
                identifier,
                &answered
            )
            if result < 0 { return }
            // Answers to the last few requests count; older ones are too old to say anything.
            if result == 1, sequence &- answered < 3 { witnesses[place].lastAnswer = now }
        }
    }

    /// A source address that went away and came back, or a new route: a fresh socket finds it.
    private mutating func reopen(_ place: Int) {
        _ = hf_close(witnesses[place].number)
        witnesses[place].number = -1
    }

    private mutating func open(_ place: Int) {
        var isRaw = false
        let family = witnesses[place].address.family
        let number: Int32
        if var source = witnesses[place].source, source.family == family {
            // Both are read or written for the time of the call only.
            number = unsafe hf_echo_open(family, &source, &isRaw)
        } else {
            number = unsafe hf_echo_open(family, nil, &isRaw)
        }
        guard number >= 0 else { return }
        witnesses[place].number = number
        witnesses[place].isRaw = isRaw
    }
}
