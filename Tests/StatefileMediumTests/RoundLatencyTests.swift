import PoolModel
import StatefileMedium
import Testing

@Suite("How long rounds take")
struct RoundLatencyTests {
    @Test("quantiles and histogram count every time once")
    func figures() {
        let times = [0.05, 0.15, 0.15, 0.3, 3].map { TimeSpan.seconds($0 / 1000) }
        let latency = RoundLatency(times.reversed())
        #expect(latency.quantile(0.5) == .seconds(0.00015))
        #expect(latency.quantile(1) == .milliseconds(3))
        let columns = latency.histogram
        #expect(columns.map(\.count) == [1, 2, 1, 0, 0, 1])
        #expect(columns.last?.upTo == .seconds(0.0032))
        #expect(RoundLatency([]).histogram.isEmpty)
        #expect(RoundLatency([]).quantile(1) == .zero)
    }

    @Test(
        "the fastest profile is told that leaves four times the longest request within its deadline",
        arguments: [
            (41, SafeProfile.profile(.fast)), (125, .profile(.fast)), (126, .profile(.standard)),
            (250, .profile(.standard)), (251, .profile(.conservative)), (1000, .profile(.conservative)),
            (1001, .none),
        ]
    )
    func verdict(milliseconds: Int, profile: SafeProfile) {
        #expect(SafeProfile(longest: .milliseconds(milliseconds)) == profile)
    }
}
