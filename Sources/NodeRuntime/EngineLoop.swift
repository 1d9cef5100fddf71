public import ByteFormat
public import HeartbeatWire
public import LivesetEngine
public import PoolModel

/// Turns datagrams, rounds, answers and time into steps of the engine, and carries its orders out, strictly
/// in order.
///
/// One turn: inputs of other threads (at most 16 a producer), the round that has ended, at most 64 datagrams,
/// a tick when it is due. The clock is read *after* each piece of evidence is in hand ([TIME-4]). When more
/// arrives than one turn takes, the next turn takes it; the loop runs at its own pace and never makes up for
/// missed ticks.
///
/// Driven by its own thread (or a simulator): `begin()` once, then `turn()`, sleep until the instant it
/// returns, a wake or a readable socket, repeat. No turn blocks or allocates.
public struct EngineLoop<
    Clock: HostClock & ~Copyable,
    Transport: HeartbeatTransport & ~Copyable,
    Links: LinkPort & ~Copyable,
    Rounds: RoundPort & ~Copyable,
    Sink: OrderSink & ~Copyable,
    Authenticator: MessageAuthenticator & ~Copyable
>: ~Copyable {
    private var engine: Engine
    private var orders: Orders
    private var gate: HeartbeatGate
    private var authenticator: Authenticator
    private let clock: Clock
    private var transport: Transport
    private var links: Links
    private var rounds: Rounds
    private var sink: Sink
    private let link: EngineLink
    private let fenceAnswers: Ring<EngineInput>
    private var recorder: FlightRecorder?

    private var receiveBuffer: AlignedBuffer
    private var sendBuffer: AlignedBuffer
    private var heartbeat: Heartbeat
    private var linkState: LinkState
    private var unpersisted: PersistedIncarnation?
    private var nextTick = MonotonicInstant.distantPast
    private var nextPublication = MonotonicInstant.distantPast
    private var hasNews = false
    private var statistics = EngineLoopStatistics()

    private static var datagramsATurn: Int { 64 }
    private static var inputsATurn: Int { 16 }
    private static var publicationInterval: TimeSpan { .milliseconds(200) }

    /// A loop around `engine`.
    ///
    /// `fenceAnswers` is `FenceLink.answers`; `hasWitnesses` tells whether `netOK` waits for a witness's
    /// answer. With a `recorder` every step of the engine is recorded.
    public init(
        engine: consuming Engine,
        gate: consuming HeartbeatGate,
        authenticator: consuming Authenticator,
        clock: consuming Clock,
        transport: consuming Transport,
        links: consuming Links,
        rounds: consuming Rounds,
        sink: consuming Sink,
        link: EngineLink,
        fenceAnswers: Ring<EngineInput>,
        hasWitnesses: Bool,
        recorder: consuming FlightRecorder? = nil
    ) {
        let own = engine.settings.own
        orders = Orders(own: own)
        heartbeat = Heartbeat(sender: own, incarnation: .none)
        // One byte more than the largest heartbeat, so that a longer datagram is seen to be longer.
        receiveBuffer = AlignedBuffer(minimumByteCount: gate.codec.largestBytes + 1)
        sendBuffer = AlignedBuffer(minimumByteCount: gate.codec.largestBytes)
        linkState = LinkState(carriers: nil, witnesses: hasWitnesses ? nil : true, told: nil)
        self.engine = engine
        self.gate = gate
        self.authenticator = authenticator
        self.clock = clock
        self.transport = transport
        self.links = links
        self.rounds = rounds
        self.sink = sink
        self.link = link
        self.fenceAnswers = fenceAnswers
        self.recorder = recorder
    }

    /// The engine's first step.
    public mutating func begin() {
        let now = clock.now()
        orders.removeAll()
        recorder?.begin(at: now, before: &engine)
        engine.begin(now: now, into: &orders)
        carryOut()
        nextTick = now + engine.tickInterval
        publish(now: now)
    }

    /// One turn; returns until when the thread may sleep at most.
    public mutating func turn() -> MonotonicInstant {
        let start = clock.now()
        takeInputs()
        takeLinks()
        takeRound()
        let mayHaveMore = takeDatagrams()
        tickIfDue()
        let end = clock.now()
        statistics.turnCount &+= 1
        statistics.longestTurn = max(statistics.longestTurn, end - start)
        if hasNews || end >= nextPublication { publish(now: end) }
        return mayHaveMore ? end : min(nextTick, nextPublication)
    }

    /// The transport, for the shell that watches its sockets.
    public borrowing func withTransport<Result>(_ body: (borrowing Transport) -> Result) -> Result {
        body(transport)
    }
    /// The links, for the shell that watches their descriptor.
    public borrowing func withLinks<Result>(_ body: (borrowing Links) -> Result) -> Result { body(links) }

    // MARK: evidence

    private mutating func takeDatagrams() -> Bool {
        for _ in 0..<Self.datagramsATurn {
            var received: ReceivedDatagram?
            receiveBuffer.withMutableBytes { bytes in received = transport.receive(into: &bytes) }
            guard let received else { return false }
            admit(received)
        }
        return true
    }

    private mutating func admit(_ received: ReceivedDatagram) {
        // A datagram that was cut is longer than the largest heartbeat; the gate counts it as too long.
        let byteCount = min(received.byteCount, receiveBuffer.byteCount)
        let verdict = receiveBuffer.withBytes(in: 0..<byteCount) { bytes in
            gate.admit(bytes, from: received.addressOwner, into: &heartbeat, authenticator: &authenticator)
        }
        let now = clock.now()
        switch verdict {
        case .accepted:
            noteHeard(heartbeat.sender, received.network, now: now)
            orders.removeAll()
            recorder?.take(heartbeat, at: now, before: &engine)
            engine.heartbeatReceived(heartbeat, now: now, into: &orders)
            carryOut()
        case .duplicate(let host):
            noteHeard(host, received.network, now: now)
        case .rejected:
            break
        }
    }

    private mutating func noteHeard(_ host: HostIndex, _ network: Int, now: MonotonicInstant) {
        guard (0..<4).contains(network) else { return }
        statistics.lastHeard[host][network] = now
    }

    private mutating func takeRound() {
        guard let result = rounds.completed() else { return }
        let now = clock.now()
        orders.removeAll()
        recorder?.take(result, at: now, before: &engine)
        engine.roundCompleted(result, now: now, into: &orders)
        // Given back first: the orders may start the next round.
        rounds.release()
        carryOut()
    }

    private mutating func takeLinks() {
        if let carriers = links.observe() { linkState.carriers = carriers }
        guard let allUp = linkState.news() else { return }
        let now = clock.now()
        orders.removeAll()
        recorder?.takeLinks(allUp: allUp, at: now, before: &engine)
        engine.linksObserved(allUp: allUp, now: now, into: &orders)
        carryOut()
    }

    private mutating func tickIfDue() {
        let now = clock.now()
        guard now >= nextTick else { return }
        if now - nextTick > engine.tickInterval { statistics.lateTickCount &+= 1 }
        orders.removeAll()
        recorder?.tick(at: now, before: &engine)
        engine.tick(now: now, into: &orders)
        carryOut()
        nextTick = now + engine.tickInterval
    }

    // MARK: other threads

    private mutating func takeInputs() {
        if let record = unpersisted {
            unpersisted = nil
            take(.incarnationPersisted(record, succeeded: false))
        }
        for _ in 0..<Self.inputsATurn {
            guard let input = fenceAnswers.pop() else { break }
            take(input)
        }
        for producer in 0..<UInt8(EngineProducer.count) {
            guard let producer = EngineProducer(rawValue: producer) else { continue }
            for _ in 0..<Self.inputsATurn {
                guard let input = link.next(from: producer) else { break }
                take(input)
            }
        }
    }

    private mutating func take(_ input: EngineInput) {
        let now = clock.now()
        orders.removeAll()
        recorder?.take(input, at: now, before: &engine)
        switch input {
        case .incarnationPersisted(let record, let succeeded):
            engine.incarnationPersisted(record, succeeded: succeeded, now: now, into: &orders)
        case .watchdogOpened(let outcome):
            engine.watchdogOpened(outcome, now: now, into: &orders)
        case .carriersObserved(let allUp):
            linkState.carriers = allUp
        case .witnessesObserved(let allAnswer):
            linkState.witnesses = allAnswer
        case .guestsObserved(let running):
            engine.guestsObserved(running: running, now: now, into: &orders)
        case .guestsStopped(let proven):
            engine.guestsStopped(proven: proven, now: now, into: &orders)
        case .requested(let request, let ticket):
            let answer = engine.requested(request, now: now, into: &orders)
            carryOut()
            reply(to: ticket, answer, now: now)
            return
        case .statusWanted(let ticket):
            reply(to: ticket, .accepted, now: now)
            return
        }
        carryOut()
    }

    private mutating func reply(to ticket: UInt64, _ answer: RequestAnswer, now: MonotonicInstant) {
        publish(now: now)
        link.answer(EngineAnswer(ticket: ticket, answer: answer, publication: link.status.publicationCount))
    }

    // MARK: orders

    private mutating func carryOut() {
        recorder?.close(orders)
        for index in 0..<orders.list.count {
            switch orders.list[index] {
            case .renewLease(let end): sink.renewLease(until: end)
            case .broadcastHeartbeat: broadcast()
            case .startRound: rounds.start(orders.round)
            case .persist(let record): if !sink.persist(record) { unpersisted = record }
            case .openWatchdog(let timeout): sink.openWatchdog(timeout: timeout)
            case .disarm(let permit): sink.disarm(permit)
            case .selfFence(let reason): sink.selfFence(reason)
            case .fire: sink.fire()
            case .announce(let announcement):
                sink.announce(announcement)
                hasNews = true
            }
        }
        orders.removeAll()
    }

    private mutating func broadcast() {
        let byteCount = sendBuffer.withMutableBytes { bytes in
            gate.codec.encode(orders.heartbeat, into: &bytes, authenticator: &authenticator)
        }
        let own = orders.heartbeat.sender
        for row in 0..<gate.codec.hostCount where row != own.row {
            for network in 0..<transport.networkCount {
                sendBuffer.withBytes(in: 0..<byteCount) { bytes in
                    // The transport counts the outcome; a lost heartbeat is followed by the next.
                    _ = transport.send(bytes, to: HostIndex(row), over: network)
                }
            }
        }
    }

    // MARK: publication

    private mutating func publish(now: MonotonicInstant) {
        hasNews = false
        nextPublication = now + Self.publicationInterval
        statistics.heartbeats = gate.counters
        statistics.takenAt = now
        link.status.publish(engine.status(now: now))
        link.statistics.publish(statistics)
    }
}

/// The raw state of the links: carriers and witnesses together, told to the engine when both are known and it
/// changes.
struct LinkState: BitwiseCopyable {
    var carriers: Bool?
    var witnesses: Bool?
    var told: Bool?

    /// The state of both when it is to be told; nil when it is not known or not new.
    mutating func news() -> Bool? {
        guard let carriers, let witnesses else { return nil }
        let all = carriers && witnesses
        guard all != told else { return nil }
        told = all
        return all
    }
}
