import NodeRuntime
import Synchronization
import Testing

@Suite struct RingTests {
    @Test func givesElementsBackInTheirOrder() {
        let ring = Ring<Int>(capacity: 3)
        #expect(ring.pop() == nil)
        for value in 1...3 { #expect(ring.push(value)) }
        #expect(ring.pop() == 1)
        #expect(ring.push(4))
        #expect([ring.pop(), ring.pop(), ring.pop(), ring.pop()] == [2, 3, 4, nil])
        #expect(ring.isEmpty)
    }

    @Test func refusesAndCountsWhatItHasNoRoomFor() {
        let ring = Ring<Int>(capacity: 2)
        #expect(ring.push(1))
        #expect(ring.push(2))
        #expect(!ring.push(3))
        #expect(!ring.push(4))
        #expect(ring.refusedCount == 2)
        #expect(ring.pop() == 1)
        #expect(ring.push(5))
        #expect([ring.pop(), ring.pop(), ring.pop()] == [2, 5, nil])
    }

    @Test func losesAndDoublesNothingBetweenTwoThreads() async {
        let ring = Ring<Int>(capacity: 16)
        let count = 20_000
        async let produced: Void = Self.produce(count, into: ring)
        let sum = await Self.consume(count, from: ring)
        await produced
        #expect(sum == count * (count + 1) / 2)
        #expect(ring.isEmpty)
    }

    @concurrent private static func produce(_ count: Int, into ring: Ring<Int>) async {
        for value in 1...count {
            while !ring.push(value) { await Task.yield() }
        }
    }

    @concurrent private static func consume(_ count: Int, from ring: Ring<Int>) async -> Int {
        var (sum, expected) = (0, 1)
        while expected <= count {
            guard let value = ring.pop() else {
                await Task.yield()
                continue
            }
            #expect(value == expected)
            sum += value
            expected += 1
        }
        return sum
    }
}

@Suite struct SnapshotTests {
    @Test func showsNothingBeforeTheFirstPublication() {
        let board = Snapshot<Int>()
        #expect(board.read() == nil)
        #expect(board.publicationCount == 0)
    }

    @Test func showsTheNewestValueAndCountsPublications() {
        let board = Snapshot<Int>()
        for value in 1...10 {
            board.publish(value)
            #expect(board.read() == value)
        }
        #expect(board.publicationCount == 10)
        #expect(board.skippedCount == 0)
    }

    @Test func neverShowsAHalfWrittenValueOrAnOlderOneThanBefore() async {
        let board = Snapshot<InlineArray<64, Int>>()
        let isDone = Flag()
        async let written: Void = Self.write(to: board, isDone)
        let isWhole = await Self.read(from: board, isDone)
        await written
        #expect(isWhole)
    }

    @concurrent private static func write(to board: Snapshot<InlineArray<64, Int>>, _ isDone: Flag) async {
        for value in 1...20_000 { board.publish(InlineArray(repeating: value)) }
        isDone.value.store(true, ordering: .releasing)
    }

    @concurrent private static func read(
        from board: Snapshot<InlineArray<64, Int>>,
        _ isDone: Flag
    ) async -> Bool {
        var last = 0
        var readCount = 0
        while !isDone.value.load(ordering: .acquiring) {
            readCount += 1
            // The writer may be waiting for this very thread: on two cores the others can be busy for long.
            if readCount % 64 == 0 { await Task.yield() }
            guard let value = board.read() else { continue }
            for index in 0..<64 where value[index] != value[0] { return false }
            guard value[0] >= last else { return false }
            last = value[0]
        }
        return true
    }

    private final class Flag: Sendable {
        let value = Atomic<Bool>(false)
    }
}
