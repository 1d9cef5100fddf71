import FlightFormat
import FoundationEssentials
import JournalLog
import LivesetEngine
import PoolModel

/// One recording on its way through the engine.
struct ReplayRun {
    private let file: FlightFile
    private let options: ReplayOptions
    private let beginning: MonotonicInstant
    private let window: ClosedRange<MonotonicInstant>
    private var sentences: StepSentence
    private var ground = LeaseGround.none
    private var ended: (number: UInt64, state: UInt64)?
    private(set) var outcome = FlightReplay.Outcome()

    init(_ file: FlightFile, options: ReplayOptions) {
        self.file = file
        self.options = options
        beginning = file.segments.first?.begunAt ?? file.head.savedAt
        let end = file.segments.last?.endedAt ?? beginning
        func place(_ span: TimeSpan?, or usual: MonotonicInstant, _ start: MonotonicInstant)
            -> MonotonicInstant
        {
            guard let span else { return usual }
            return span < .zero ? end + span : start + span
        }
        let from = place(options.from, or: .distantPast, beginning)
        window = from...max(from, place(options.to, or: .distantFuture, beginning))
        sentences = StepSentence(head: file.head, beginning: beginning)
    }

    // MARK: head and end

    func showHead(_ show: (String) -> Void) {
        let head = file.head
        let why =
            switch head.reason {
            case .asked: "because an operator asked"
            case .selfFence: "because it stopped itself"
            }
        let span = (file.segments.last?.endedAt ?? beginning) - beginning
        let name = sentences.name(head.own)
        if options.json {
            let line = ReplayHead(
                host: name,
                hosts: head.hostNames,
                product: head.product,
                reason: "\(head.reason)",
                savedWallMilliseconds: head.savedAtUnixNanoseconds / 1_000_000,
                segments: file.segments.map(\.number),
                spanMilliseconds: span.inMilliseconds,
                damage: file.damage?.description
            )
            show(ReplayLine.json(line))
            return
        }
        let saved = ReplayTime.wall(head.savedAtUnixNanoseconds)
        show(
            "flight recording of \(name) (hosts \(head.hostNames.joined(separator: ", "))), saved \(saved) \(why)"
        )
        show(
            "recorded by Holdfast \(head.product): \(file.segments.count) segments, \(span);"
                + " times count from its first step, \(ReplayTime.wall(wall(of: beginning)))"
        )
        if let damage = file.damage { show("! \(damage); only what is whole is played") }
    }

    func showEnd(_ show: (String) -> Void) {
        if options.json {
            let broken = outcome.brokenCount + (file.damage == nil ? 0 : 1)
            show(
                ReplayLine.json(
                    ReplayEnd(
                        steps: outcome.stepCount,
                        different: outcome.differentCount,
                        broken: broken,
                        isFaithful: outcome.isFaithful && file.damage == nil
                    )
                )
            )
            return
        }
        let verdict =
            outcome.differentCount == 0
            ? "all decided as recorded"
            : "\(outcome.differentCount) of them are decided differently by this program: another version, or a"
                + " recording that was changed"
        show("\(outcome.stepCount) steps, \(outcome.orderingCount) with orders: \(verdict)")
    }

    private func wall(of instant: MonotonicInstant) -> Int64 {
        file.head.savedAtUnixNanoseconds &- (file.head.savedAt - instant).nanoseconds
    }

    // MARK: segments and steps

    mutating func play(_ segment: FlightSegment, of bytes: [UInt8], _ show: (String) -> Void)
        throws(FlightDamage)
    {
        var player = try FlightPlayer(segment.body, of: bytes.span, hostCount: file.head.hostNames.count)
        begin(segment, state: player.stateHash(), player.engine.status(now: segment.begunAt), show)
        while true {
            guard let step = try player.next(in: bytes.span) else { break }
            tell(step, player, show)
        }
        ended = (segment.number, player.stateHash())
    }

    /// Says where a segment does not go on from the one before it.
    private mutating func begin(
        _ segment: FlightSegment,
        state: UInt64,
        _ status: EngineStatus,
        _ show: (String) -> Void
    ) {
        defer { ground = status.leaseGround }
        guard let ended else {
            note(segment.begunAt, "segment \(segment.number): \(sentences.restored(status))", show)
            return
        }
        if ended.number + 1 != segment.number {
            outcome.brokenCount += 1
            note(
                segment.begunAt,
                "! segments between \(ended.number) and \(segment.number) are missing",
                show
            )
        } else if ended.state != state {
            outcome.brokenCount += 1
            note(
                segment.begunAt,
                "! segment \(segment.number) begins with another state than the one before it ends with here",
                show
            )
        }
    }

    private func note(_ instant: MonotonicInstant, _ text: String, _ show: (String) -> Void) {
        guard !options.json else { return }
        show("\(ReplayTime.offset(instant - beginning))  \(text)")
    }

    private mutating func tell(_ step: PlayedStep, _ player: borrowing FlightPlayer, _ show: (String) -> Void)
    {
        outcome.stepCount += 1
        if !player.orders.list.isEmpty { outcome.orderingCount += 1 }
        if step.verdict == .different { outcome.differentCount += 1 }
        let now = step.entry.now
        // The sentences follow every step, shown or not: what changed is told against the one before.
        let words = sentences.of(step.entry.step, step.answer, now: now)
        guard window.contains(now) else { return }
        let status = player.engine.status(now: now)
        let told = sentences.of(player.orders, status, formerGround: ground, now: now)
        ground = status.leaseGround
        let decides = told.contains { $0.decides } || step.answer != nil
        guard !options.decisionsOnly || decides || step.verdict == .different else { return }
        if options.json {
            show(
                ReplayLine.json(
                    ReplayLine(
                        atMilliseconds: (now - beginning).inMilliseconds,
                        bootNanoseconds: now.nanoseconds,
                        wallMilliseconds: wall(of: now) / 1_000_000,
                        step: words,
                        orders: told.map(\.text),
                        decides: decides,
                        verdict: "\(step.verdict)"
                    )
                )
            )
            return
        }
        show("\(ReplayTime.offset(now - beginning))  \(words)")
        for order in told where !options.decisionsOnly || order.decides {
            show("\(ReplayTime.margin)  \(order.decides ? "=> " : "   ")\(order.text)")
        }
        if step.verdict == .different {
            show("\(ReplayTime.margin)  ! the recorded engine decided something else")
        }
    }
}
