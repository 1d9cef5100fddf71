import PoolModel
import Testing

@Suite("HostSet and HostIndex")
struct HostSetTests {
    private func set(_ rows: Int...) -> HostSet { rows.reduce(into: HostSet()) { $0.insert(HostIndex($1)) } }

    @Test("a set holds what was put into it, at both ends of the table")
    func membership() {
        var hosts = set(0, 63)
        #expect(hosts.count == 2)
        #expect(hosts.contains(HostIndex(0)))
        #expect(hosts.contains(HostIndex(63)))
        #expect(!hosts.contains(HostIndex(1)))
        hosts.remove(HostIndex(0))
        #expect(hosts == HostSet(HostIndex(63)))
        #expect(hosts.first == HostIndex(63))
        #expect(hosts.without(HostIndex(63)).isEmpty)
    }

    @Test("the operations are those of sets, on every pair of subsets of four rows")
    func algebra() {
        for left in 0..<16 as Range<UInt64> {
            for right in 0..<16 as Range<UInt64> {
                let (first, second) = (HostSet(bits: left), HostSet(bits: right))
                let (firstRows, secondRows) = (Set(first), Set(second))
                #expect(Set(first.union(second)) == firstRows.union(secondRows))
                #expect(Set(first.intersection(second)) == firstRows.intersection(secondRows))
                #expect(Set(first.subtracting(second)) == firstRows.subtracting(secondRows))
                #expect(first.isSubset(of: second) == firstRows.isSubset(of: secondRows))
            }
        }
    }

    @Test("walking a set gives the rows in order")
    func order() { #expect(Array(set(5, 0, 63, 17)).map(\.row) == [0, 5, 17, 63]) }

    @Test("the first rows of a table are a set, up to the whole table")
    func firstRows() {
        #expect(HostSet(first: 0).isEmpty)
        #expect(HostSet(first: 3) == set(0, 1, 2))
        #expect(HostSet(first: 64).count == 64)
    }

    @Test("the rank of a host counts the members before it, whether it is one or not")
    func rank() {
        #expect(set(1, 4, 9).rank(of: HostIndex(4)) == 1)
        #expect(set(1, 4, 9).rank(of: HostIndex(5)) == 2)
        #expect(set(1).rank(of: HostIndex(0)) == 0)
        #expect(HostSet(first: 64).rank(of: HostIndex(63)) == 63)
    }

    @Test("a set and a host read as rows")
    func text() {
        #expect("\(set(0, 2))" == "{0 2}")
        #expect("\(HostSet())" == "{}")
        #expect("\(HostIndex(7))" == "#7")
    }

    @Test("a row outside of the table is no host")
    func decoding() {
        #expect(HostIndex(decoding: 63) == HostIndex(63))
        #expect(HostIndex(decoding: 64) == nil)
        #expect(HostIndex(decoding: 255) == nil)
    }
}
