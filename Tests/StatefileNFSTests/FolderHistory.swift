@testable import StatefileNFS

/// Lives of one host after each other on a fake folder, each cut off where the scenario says, with every
/// state in between kept for readers to look at.
struct FolderHistory {
    /// Where a life ends, and what becomes of the request that was under way then.
    struct Crash {
        /// Which request of the life, counted from 0, is the last.
        var atRequest: Int
        /// After how many further requests, of whatever life, it is carried out; nil: never.
        var landsAfter: Int?
    }

    /// The folder after each request, the first as *format* left it.
    private(set) var states = [FakeFolder()]
    /// For each state, the newest write that was acknowledged by then.
    private(set) var acknowledged = [0]
    /// For each life that came to its order `begin`: the write that its file held then, and the last one that
    /// any life had issued.
    private(set) var beginnings: [(held: Int, issued: Int)] = []
    /// Whether a life ended before its crash came.
    private(set) var isComplete = false
    /// What went wrong in the way of a life.
    private(set) var faults: [String] = []

    /// For each state, what a listing shows, and the newest record of each file.
    private var listings = [RunFileListing(["0.0"], hostCount: 1)]
    private var contents: [[RunFileName: Note?]] = []

    private var pending: [(request: FakeFolder.Request, countdown: Int)] = []
    private var nextFile = 1
    private var nextTag = 1
    private var keptRun: UInt64 = 0
    private let keepsRuns: Bool
    private var nonce: UInt64 = 1

    init(keepsRuns: Bool) {
        self.keepsRuns = keepsRuns
        contents = [FolderHistory.content(folder, listings[0])]
    }

    private static func content(_ folder: FakeFolder, _ listing: RunFileListing) -> [RunFileName: Note?] {
        var content: [RunFileName: Note?] = [:]
        for file in listing.files { content.updateValue(folder.area(file.description)?.newest, forKey: file) }
        return content
    }

    var folder: FakeFolder { states[states.count - 1] }

    private struct Ended: Error {}

    /// Lives once: makes its file, then writes `writeCount` records, until the crash where there is one.
    mutating func live(writeCount: Int, crash: Crash?) {
        var left = crash?.atRequest ?? .max
        isComplete = false
        do {
            try start(crash, &left, writeCount: writeCount)
            isComplete = true
        } catch {}
    }

    private mutating func start(_ crash: Crash?, _ left: inout Int, writeCount: Int) throws {
        nonce += 1
        var decider = RunFileStart<RunArea>(
            row: 0,
            hostCount: 1,
            lastRun: keepsRuns ? keptRun : 0,
            nonce: nonce
        )
        var answer = RunFileStart<RunArea>.Answer.done
        var own = (file: -1, area: RunArea(records: []))
        for _ in 0..<100 {
            let order = decider.next(answer)
            answer = .done
            switch order {
            case .list: answer = .names(folder.names.keys.sorted())
            case .sweep(let name): try send(.remove(name), crash, &left)
            case .keepRun(let run):
                if run <= keptRun, keepsRuns { faults.append("run \(run) was used before") }
                keptRun = run
            case .read(let name): answer = .content(folder.area(name.description))
            case .make(let name, let content):
                own = (nextFile, content)
                nextFile += 1
                try send(.make(name, file: own.file), crash, &left)
                try write(content, to: own.file, besides: nil, crash, &left)
            case .rename(let name, let file): try send(.rename(name, file.description), crash, &left)
            case .merge(let content):
                try write(content, to: own.file, besides: own.area, crash, &left)
                own.area = content
            case .remove(let name): try send(.remove(name.description), crash, &left)
            case .giveUp:
                faults.append("there was no record of the host")
                return
            case .begin:
                guard var newest = folder.area(decider.own.description)?.newest else {
                    faults.append("a run begins without a file")
                    return
                }
                beginnings.append((newest.tag, nextTag - 1))
                for _ in 0..<writeCount {
                    newest = Note(
                        sequence: newest.sequence + 1,
                        position: (newest.position + 1) % 4,
                        tag: nextTag
                    )
                    nextTag += 1
                    try send(
                        .write(file: own.file, position: newest.position, newest.record),
                        crash,
                        &left
                    )
                    acknowledged[acknowledged.count - 1] = newest.tag
                }
                return
            }
        }
        faults.append("a start has no end")
    }

    private mutating func write(
        _ area: RunArea,
        to file: Int,
        besides known: RunArea?,
        _ crash: Crash?,
        _ left: inout Int
    ) throws {
        for (position, record) in area.records.enumerated() {
            guard let record, known?.records[position] != record else { continue }
            try send(.write(file: file, position: position, record), crash, &left)
        }
    }

    private mutating func send(_ request: FakeFolder.Request, _ crash: Crash?, _ left: inout Int) throws {
        if left == 0 {
            if let after = crash?.landsAfter {
                pending.append((request, after))
                if after == 0 { land() }
            }
            throw Ended()
        }
        left -= 1
        var next = folder
        next.carryOut(request)
        note(next)
        for index in pending.indices { pending[index].countdown -= 1 }
        land()
    }

    private mutating func land() {
        for entry in pending where entry.countdown <= 0 {
            var next = folder
            next.carryOut(entry.request)
            note(next)
        }
        pending.removeAll { $0.countdown <= 0 }
    }

    /// Carries out everything that is still under way.
    mutating func landTheRest() {
        for index in pending.indices { pending[index].countdown = 0 }
        land()
    }

    private mutating func note(_ state: FakeFolder) {
        states.append(state)
        acknowledged.append(acknowledged[acknowledged.count - 1])
        let listing = RunFileListing(Array(state.names.keys), hostCount: 1)
        listings.append(listing)
        contents.append(FolderHistory.content(state, listing))
    }

    /// What a reader finds that lists at state `first`, reads at `middle` and lists again at `last`; nil: it
    /// has to repeat.
    func reading(_ first: Int, _ middle: Int, _ last: Int) -> Note? {
        guard listings[first] == listings[last] else { return nil }
        for file in listings[first].files.reversed() {
            guard let records = contents[middle][file] else { return nil }
            if let newest = records { return newest }
        }
        return nil
    }
}
