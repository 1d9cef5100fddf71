import PoolModel
import Testing

@Suite("View, ballots and what a host leaves behind")
struct ViewTests {
    private func entry(_ number: UInt32, _ standing: HostStanding, _ reason: RemovalReason? = nil)
        -> ViewEntry
    {
        ViewEntry(number: IncarnationNumber(number), standing: standing, reason: reason, removedIn: Epoch(3))
    }

    private var view: View {
        var view = View(epoch: Epoch(3), state: .active)
        view.entries[HostIndex(0)] = entry(2, .member)
        view.entries[HostIndex(1)] = entry(5, .removed, .silent)
        view.entries[HostIndex(2)] = entry(1, .absent, .left)
        view.entries[HostIndex(63)] = entry(1, .member)
        return view
    }

    @Test("members and removed hosts are read from the rows")
    func standings() {
        #expect(view.members.map(\.row) == [0, 63])
        #expect(view.removed.map(\.row) == [1])
    }

    @Test("only the admitted incarnation number of a host is a member")
    func incarnations() {
        #expect(view.includes(HostIndex(0), IncarnationNumber(2)))
        #expect(!view.includes(HostIndex(0), IncarnationNumber(1)))
        #expect(!view.includes(HostIndex(0), IncarnationNumber(3)))
        #expect(!view.includes(HostIndex(1), IncarnationNumber(5)))
        #expect(!view.includes(HostIndex(2), IncarnationNumber(1)))
    }

    @Test("the view that format writes has nobody in it and waits to be enabled")
    func viewZero() {
        #expect(View.zero.epoch == .zero)
        #expect(View.zero.members.isEmpty)
        #expect(View.zero.removed.isEmpty)
        #expect(View.zero.master == nil)
        #expect(View.zero.state == .enabling)
        #expect(Epoch.zero < Epoch.zero.next)
    }

    @Test("views are equal when every row is, the last one too")
    func equality() {
        var other = view
        #expect(other == view)
        other.entries[HostIndex(63)].number = IncarnationNumber(2)
        #expect(other != view)
    }

    @Test("the next ballot is above every earlier one and no two hosts share one")
    func ballotNumbers() {
        let hosts = [0, 1, 63].map { HostIndex($0) }
        var highest = BallotNumber.none
        for host in hosts + hosts {
            let next = highest.next(for: host)
            #expect(highest < next)
            highest = next
        }
        #expect(Set(hosts.map { BallotNumber(64 * 3).next(for: $0) }).count == 3)
        #expect("\(BallotNumber.none.next(for: HostIndex(5)))" == "1.5")
    }

    @Test("the newest ballot record is the one of the newest run, then of the highest sequence")
    func ballotRecords() {
        let formatted = BallotRecord(formattedFor: HostIndex(0))
        var later = formatted
        later.sequence += 1
        #expect(later.isNewer(than: formatted))
        #expect(!formatted.isNewer(than: later))
        var nextRun = formatted
        nextRun.run = 1
        #expect(nextRun.isNewer(than: later))
        #expect(!formatted.isNewer(than: formatted))
    }

    @Test("last words keep their text up to the limit")
    func lastWords() {
        #expect(LastWords("no lease left").text == "no lease left")
        #expect(LastWords().text.isEmpty)
        let long = LastWords(String(repeating: "x", count: 300))
        #expect(long.count == LastWords.limit)
        #expect(LastWords("a") != LastWords("b"))
        #expect(LastWords("a") == LastWords("a"))
    }

    @Test("an age of a grant says none only with its own mark")
    func grantAges() {
        #expect(GrantAge.none.span == nil)
        #expect(GrantAge(milliseconds: 0).span == .zero)
        #expect(GrantAge(milliseconds: 1500).span == .seconds(1.5))
    }

    @Test("left and fenced are the only tombstones")
    func tombstones() {
        #expect(HostPhase.allCases.filter(\.isTombstone) == [.left, .fenced])
    }
}
