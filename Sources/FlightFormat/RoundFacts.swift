import PoolModel

/// What a round's result says besides the rows that were read.
struct RoundFacts: BitwiseCopyable, WordCarried {
    var id: UInt64 = 0
    var issuedAt = MonotonicInstant.distantPast
    var readIssuedAt = MonotonicInstant.distantPast
    var completedAt = MonotonicInstant.distantPast
    var slotWrite = WriteOutcome.notAsked
    var ballotWrite = WriteOutcome.notAsked
    var slotsRead = false
    var ballotsRead = false
    var unsettledSubBlocks: UInt8 = 0
    var formerLivesSettled = false

    init() {}

    /// The facts of a result.
    init(_ result: RoundResult) {
        id = result.id
        (issuedAt, readIssuedAt) = (result.issuedAt, result.readIssuedAt)
        completedAt = result.completedAt
        (slotWrite, ballotWrite) = (result.slotWrite, result.ballotWrite)
        (slotsRead, ballotsRead) = (result.slotsRead, result.ballotsRead)
        unsettledSubBlocks = result.unsettledSubBlocks
        formerLivesSettled = result.formerLivesSettled
    }

    /// Puts them into a result.
    func put(into result: RoundResult) {
        result.id = id
        (result.issuedAt, result.readIssuedAt) = (issuedAt, readIssuedAt)
        result.completedAt = completedAt
        (result.slotWrite, result.ballotWrite) = (slotWrite, ballotWrite)
        (result.slotsRead, result.ballotsRead) = (slotsRead, ballotsRead)
        result.unsettledSubBlocks = unsettledSubBlocks
        result.formerLivesSettled = formerLivesSettled
    }

    mutating func carry(in words: inout StateWords) {
        words.carry(&id)
        words.carry(&issuedAt)
        words.carry(&readIssuedAt)
        words.carry(&completedAt)
        words.carry(&slotWrite)
        words.carry(&ballotWrite)
        words.carry(&slotsRead)
        words.carry(&ballotsRead)
        words.carry(&unsettledSubBlocks)
        words.carry(&formerLivesSettled)
    }
}
