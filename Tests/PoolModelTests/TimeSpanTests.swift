import PoolModel
import Testing

@Suite("TimeSpan and MonotonicInstant")
struct TimeSpanTests {
    @Test(
        "a span reads as seconds with at most three decimals",
        arguments: [
            (0, "0 s"), (1_000_000_000, "1 s"), (1_500_000_000, "1.5 s"), (-1_500_000_000, "-1.5 s"),
            (1_050_000_000, "1.05 s"), (1_234_567_890, "1.235 s"), (499_999, "0 s"), (500_000, "0.001 s"),
            (999_999_999, "1 s"), (60_000_000_000, "60 s"),
        ] as [(Int64, String)]
    )
    func text(nanoseconds: Int64, expected: String) {
        #expect("\(TimeSpan(nanoseconds: nanoseconds))" == expected)
    }

    @Test("sums saturate instead of trapping")
    func sumsSaturate() {
        #expect(TimeSpan.forever + .seconds(1) == .forever)
        #expect(TimeSpan(nanoseconds: .min) + .seconds(-1) == TimeSpan(nanoseconds: .min))
        #expect(MonotonicInstant(nanoseconds: 5) + .forever == .distantFuture)
    }

    @Test("a multiple by a factor never shrinks by rounding")
    func multiplesRoundUp() {
        #expect(TimeSpan(nanoseconds: 1) * 1.001 == TimeSpan(nanoseconds: 2))
        #expect(TimeSpan.seconds(8) * Timing.clockStretch == .milliseconds(8008))
    }

    @Test("a fraction rounds down")
    func fractionsRoundDown() { #expect(TimeSpan(nanoseconds: 7) / 4 == TimeSpan(nanoseconds: 1)) }

    @Test("the difference of instants is the span between them")
    func instants() {
        let start = MonotonicInstant(nanoseconds: 1_000_000_000)
        #expect(start + .seconds(2) - start == .seconds(2))
        #expect(start + .seconds(2) - .seconds(2) == start)
        #expect(start < start + TimeSpan(nanoseconds: 1))
        #expect("\(start)" == "@1 s")
    }

    @Test("everything that happens lies between the distant past and the distant future")
    func distantInstants() {
        let now = MonotonicInstant(nanoseconds: 40 * 365 * 86_400 * 1_000_000_000)
        #expect(MonotonicInstant.distantPast < now)
        #expect(now < .distantFuture)
        #expect(now - .distantPast > .seconds(1e9))
    }
}
