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
/// returns, a wake or a readable socket, repeat. A turn is a row of acts; a simulator may call `act()` itself
/// and stop the thread between any two of them. No turn blocks or allocates.
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
    private let publicationInterval: TimeSpan

    /// How far the turn has come.
    private var stage = Stage.start
    private var turnStartedAt = MonotonicInstant.distantPast
    /// Which of the inputs' rings is read: the failed write, the fence loop's, then one a producer.
    private var inbox = 0
    /// How much more the present stage may take.
    private var allowance = 0
    private var mayHaveMore = false
    /// The next of the step's orders.
    private var place = 0
    /// The ticket that is answered once the step's orders are carried out.
    private var reply: Reply?

    private enum Stage: UInt8, BitwiseCopyable { case start, inputs, links, round, datagrams, tick, end }

    private struct Reply: BitwiseCopyable {
        var ticket: UInt64
        var answer: RequestAnswer
        var takenAt: MonotonicInstant
    }

    private static var datagramsATurn: Int { 64 }
    private static var inputsATurn: Int { 16 }

    /// A loop around `engine`.
    ///
    /// `fenceAnswers` is `FenceLink.answers`; `hasWitnesses` tells whether `netOK` waits for a witness's
    /// answer; the status is published that often at least, and with each announcement. With a `recorder`
    /// every step of the engine is recorded.
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
        publicationInterval: TimeSpan = .milliseconds(200),
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
        self.publicationInterval = publicationInterval
        self.recorder = recorder
    }

    /// The engine's first step; the first turn begins with its orders.
    public mutating func begin() {
        let now = clock.now()
        recorder?.begin(at: now, before: &engine)
        engine.begin(now: now, into: &orders)
        recorder?.close(orders)
        nextTick = now + engine.tickInterval
        publish(now: now)
    }

    // MARK: turns

    /// One turn; returns until when the thread may sleep at most.
    public mutating func turn() -> MonotonicInstant {
        while true {
            if let end = act() { return end }
        }
    }

    /// One act of a turn: carries one order out, or takes evidence up to the first that gives orders.
    ///
    /// Returns until when the thread may sleep at most when the turn is over; nil while it goes on.
    public mutating func act() -> MonotonicInstant? {
        if place < orders.list.count {
            place += 1
            carryOut(at: place - 1)
            return nil
        }
        endStep()
        repeat {
            if let end = advance() { return end }
        } while orders.list.isEmpty && reply == nil
        return nil
    }

    /// Lends the order that the next act carries out, and the buffer that holds its payload; nil when the
    /// next act takes evidence.
    public borrowing func withOrderAtHand<Result>(_ body: (Order, borrowing Orders) -> Result) -> Result? {
        place < orders.list.count ? body(orders.list[place], orders) : nil
    }

    /// What the engine thinks at this moment, for whoever drives the loop.
    public borrowing func status() -> EngineStatus { engine.status(now: clock.now()) }

    /// What the loop has counted up to this moment, for whoever drives it.
    public borrowing func currentStatistics() -> EngineLoopStatistics {
        var statistics = statistics
        statistics.heartbeats = gate.counters
        statistics.takenAt = clock.now()
        return statistics
    }

    /// All orders of the step are carried out.
    private mutating func endStep() {
        orders.removeAll()
        place = 0
        guard let reply else { return }
        self.reply = nil
        publish(now: reply.takenAt)
        let publication = link.status.publicationCount
        link.answer(EngineAnswer(ticket: reply.ticket, answer: reply.answer, publication: publication))
    }

    /// Takes the next piece of evidence, or goes on to the next stage; returns as `act`.
    private mutating func advance() -> MonotonicInstant? {
        switch stage {
        case .start:
            turnStartedAt = clock.now()
            (inbox, allowance) = (0, 1)
            stage = .inputs
        case .inputs:
            if let input = nextInput() { take(input) } else { stage = .links }
        case .links:
            stage = .round
            takeLinks()
        case .round:
            allowance = Self.datagramsATurn
            stage = .datagrams
            takeRound()
        case .datagrams:
            takeDatagram()
        case .tick:
            stage = .end
            tickIfDue()
        case .end:
            stage = .start
            return endTurn()
        }
        return nil
    }

    private mutating func endTurn() -> MonotonicInstant {
        let end = clock.now()
        statistics.turnCount &+= 1
        statistics.longestTurn = max(statistics.longestTurn, end - turnStartedAt)
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

    private mutating func takeDatagram() {
        mayHaveMore = allowance == 0
        var received: ReceivedDatagram?
        if allowance > 0 {
            receiveBuffer.withMutableBytes { bytes in received = transport.receive(into: &bytes) }
        }
        guard let received else {
            stage = .tick
            return
        }
        allowance -= 1
        admit(received)
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
            recorder?.take(heartbeat, at: now, before: &engine)
            engine.heartbeatReceived(heartbeat, now: now, into: &orders)
            recorder?.close(orders)
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
        recorder?.take(result, at: now, before: &engine)
        engine.roundCompleted(result, now: now, into: &orders)
        recorder?.close(orders)
        // Given back first: the orders may start the next round.
        rounds.release()
    }

    private mutating func takeLinks() {
        if let carriers = links.observe() { linkState.carriers = carriers }
        guard let allUp = linkState.news() else { return }
        let now = clock.now()
        recorder?.takeLinks(allUp: allUp, at: now, before: &engine)
        engine.linksObserved(allUp: allUp, now: now, into: &orders)
        recorder?.close(orders)
    }

    private mutating func tickIfDue() {
        let now = clock.now()
        guard now >= nextTick else { return }
        if now - nextTick > engine.tickInterval { statistics.lateTickCount &+= 1 }
        recorder?.tick(at: now, before: &engine)
        engine.tick(now: now, into: &orders)
        recorder?.close(orders)
        nextTick = now + engine.tickInterval
    }

    // MARK: other threads

    private mutating func nextInput() -> EngineInput? {
        while inbox < 2 + EngineProducer.count {
            if allowance > 0, let input = pop(inbox) {
                allowance -= 1
                return input
            }
            inbox += 1
            allowance = Self.inputsATurn
        }
        return nil
    }

    private mutating func pop(_ inbox: Int) -> EngineInput? {
        if inbox == 0 {
            guard let record = unpersisted else { return nil }
            unpersisted = nil
            return .incarnationPersisted(record, succeeded: false)
        }
        if inbox == 1 { return fenceAnswers.pop() }
        guard let producer = EngineProducer(rawValue: UInt8(inbox - 2)) else { return nil }
        return link.next(from: producer)
    }

    private mutating func take(_ input: EngineInput) {
        let now = clock.now()
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
            reply = Reply(ticket: ticket, answer: answer, takenAt: now)
        case .statusWanted(let ticket):
            reply = Reply(ticket: ticket, answer: .accepted, takenAt: now)
        }
        recorder?.close(orders)
    }

    // MARK: orders

    private mutating func carryOut(at place: Int) {
        switch orders.list[place] {
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
        nextPublication = now + publicationInterval
        link.status.publish(engine.status(now: now))
        link.statistics.publish(currentStatistics())
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
