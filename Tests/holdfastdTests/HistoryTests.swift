import AdminProtocol
import Testing

@testable import holdfastd

private func event(_ name: String) -> EventReport {
    EventReport(
        sequence: 0,
        atNanoseconds: 1,
        wallMilliseconds: 2,
        level: "notice",
        name: name,
        messageID: "",
        sentence: "",
        fields: [:]
    )
}

@Suite struct HistoryTests {
    @Test func eventsAreNumberedAndReadFromASequenceOn() {
        let history = EventHistory(capacity: 10)
        for index in 1...5 { history.append(event("e\(index)")) }
        let all = history.report(since: 0, limit: nil)
        #expect(all.events.map(\.sequence) == [1, 2, 3, 4, 5])
        #expect(all.oldestKept == 1)
        #expect(all.next == 6)
        let some = history.report(since: 3, limit: 2)
        #expect(some.events.map(\.name) == ["e3", "e4"])
        #expect(some.next == 5)
        #expect(history.report(since: 6, limit: nil).events.isEmpty)
        #expect(history.report(since: 6, limit: nil).next == 6)
    }

    @Test func aFullHistoryForgetsTheOldestAndSaysSo() {
        let history = EventHistory(capacity: 10)
        for index in 1...100 { history.append(event("e\(index)")) }
        let report = history.report(since: 1, limit: nil)
        #expect(report.events.count == 10)
        #expect(report.oldestKept == 91)
        #expect(report.events.last?.sequence == 100)
    }
}
