import PoolModel
import Testing

@Suite("Timing is derived from one choice, and refused where it is unsafe")
struct TimingTests {
    /// Seconds of every symbol of section 3, in the order h r Tn Ts G W q D.
    struct Row: Sendable, CustomStringConvertible {
        let choice: TimingChoice
        let seconds: [Double]
        var description: String { "\(choice)" }
    }

    static let table = [
        Row(choice: .conservative, seconds: [2, 2, 20, 10, 30, 15, 1, 72.062]),
        Row(choice: .standard, seconds: [1, 1, 5, 3, 8, 4, 1, 21.018]),
        Row(choice: .fast, seconds: [0.5, 0.5, 2, 1.5, 4, 2, 0.5, 11.0095]),
        Row(
            choice: .storageStallTolerance(.seconds(4)),
            seconds: [0.8, 0.8, 3.733333333, 2.4, 5.6, 3, 0.75, 15.76335]
        ),
        Row(choice: .storageStallTolerance(.seconds(20)), seconds: [2, 2, 16, 10, 24, 12, 1, 60.05]),
        Row(
            choice: .storageStallTolerance(.seconds(60)),
            seconds: [2, 2, 42.666666666, 10, 64, 32, 1, 140.13]
        ),
    ]

    @Test("each choice gives the row of docs/TIMING.md", arguments: table)
    func derivation(row: Row) {
        let timing = Timing(row.choice)
        let derived = [
            timing.heartbeatInterval, timing.roundInterval, timing.networkTimeout, timing.storageTimeout,
            timing.grace, timing.watchdog, timing.feedPeriod, timing.certainlyDead,
        ]
        #expect(derived == row.seconds.map(TimeSpan.seconds))
    }

    @Test("each profile is safe", arguments: table)
    func profilesAreSafe(row: Row) throws { try Timing(row.choice).check() }

    @Test("every tolerance from 4 s to 10 min is safe, and D grows with it")
    func tolerancesAreSafe() throws {
        var last = TimeSpan.zero
        for tenths in 40...6000 {
            let timing = Timing(.storageStallTolerance(.milliseconds(tenths * 100)))
            try timing.check()
            #expect(timing.certainlyDead >= last, "at \(Double(tenths) / 10) s")
            last = timing.certainlyDead
        }
    }

    @Test("the least tolerance that passes is 2.25 s")
    func leastTolerance() throws { try Timing(.storageStallTolerance(.seconds(2.25))).check() }

    @Test("a stall that is tolerated is shorter than the grace less two rounds")
    func toleranceIsKept() {
        for seconds in 4...120 {
            let timing = Timing(.storageStallTolerance(.seconds(Double(seconds))))
            #expect(timing.grace - timing.roundInterval * 2 >= .seconds(Double(seconds)))
        }
    }

    @Test("a tolerance that leaves no time for an I/O is refused", arguments: [0.0, 0.5, 1.0, 2.249])
    func tinyTolerancesAreRefused(seconds: Double) {
        #expect(throws: TimingError.self) { try Timing(.storageStallTolerance(.seconds(seconds))).check() }
    }

    /// A change that breaks exactly one inequality first, and what the refusal must show.
    struct Break: Sendable, CustomStringConvertible {
        let inequality: String
        let change: @Sendable (inout Timing) -> Void
        let left: Double
        let right: Double
        var description: String { inequality }
    }

    static let breaks = [
        Break(inequality: "Ts + r + 3h <= G", change: { $0.grace = .seconds(6.9) }, left: 7, right: 6.9),
        Break(inequality: "4h <= Tn", change: { $0.networkTimeout = .seconds(3.9) }, left: 4, right: 3.9),
        Break(
            inequality: "0.25 s <= I/O deadline",
            change: { $0.storageTimeout = .seconds(2.2) },
            left: 0.25,
            right: 0.2
        ),
        Break(
            inequality: "1 s <= reset",
            change: { $0.resetDelay = .milliseconds(999) },
            left: 1,
            right: 0.999
        ),
        Break(
            inequality: "G + Tn + 4r <= D",
            change: { $0.networkTimeout = .seconds(10) },
            left: 22,
            right: 21.018
        ),
    ]

    @Test("an inequality that does not hold is refused with both sides and a remedy", arguments: breaks)
    func refusalNamesBothSides(example: Break) throws {
        var timing = Timing(.standard)
        example.change(&timing)
        let error = try #require(throws: TimingError.self) { try timing.check() }
        #expect(error.inequality == example.inequality)
        #expect(error.left == .seconds(example.left))
        #expect(error.right == .seconds(example.right))
        let message = "\(error)"
        #expect(message.contains(example.inequality))
        #expect(message.contains("\(error.left) is more than \(error.right)"))
        #expect(message.contains(error.remedy))
        #expect(message.contains("docs/TIMING.md"))
    }

    @Test("a larger timeout read back from the device raises D by twice the difference and the feed period")
    func readBackWatchdog() throws {
        let asked = Timing(.fast)
        let real = asked.withWatchdog(readBack: .seconds(3))
        try real.check()
        #expect(real.feedPeriod == .seconds(0.75))
        #expect(
            real.certainlyDead - asked.certainlyDead == (.seconds(2) + .seconds(0.25)) * Timing.clockStretch
        )
    }

    @Test("a grace lasts longer on the clock of another host")
    func graceIsStretched() {
        let timing = Timing(.standard)
        #expect(timing.graceOnOtherClocks == .milliseconds(8008))
        #expect(Timing.clockStretch == 1.001)
    }
}
