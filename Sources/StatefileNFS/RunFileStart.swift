/// What a run file holds, as far as the start of a run has to know: something newer can be taken over into
/// it.
protocol RunFileContent: Equatable, Sendable {
    /// Takes over what `other`, of another file of the same host, holds newer; false when it holds nothing
    /// newer.
    mutating func absorb(_ other: Self) -> Bool
}

/// How a daemon run makes the file that only it writes ([VIEW-3] on NFS; PROTOCOL.md, section 10).
///
/// A server may carry out a write long after its sender gave it up, and nothing bounds how long. So no write
/// of a former life may have a place that this life relies on: each run writes to a file of its own, and
/// readers take the file with the highest run. What matters is that nothing is lost on the way from the old
/// file to the new one:
///
/// 1. read all own files;
/// 2. write the newest record, unchanged, to a temporary file, stable;
/// 3. rename it to its final name; the server's answer says that this is stable. *From here on readers take
///    this file.* A write of a former life that lands in an older file later is never seen by anyone;
/// 4. read all older own files again and take over what is newer. *A write of a former life that landed
///    before step 3 may have been seen*; it stands in what is read now;
/// 5. remove the older files, the newest of them last;
/// 6. only then the run may write.
///
/// Step 4 is what a plain copy lacks. A is a former life of the host, B this one, C a reader: B reads (1);
/// A's late write lands; C reads it and acts on it; B renames (3). Without step 4 the record that C acted on
/// is gone.
///
/// Records keep the sequence that they were issued with. Were the copy of step 2 marked as newer than what it
/// is a copy of, a crash between 3 and 4 would leave a file that the next start prefers to the older one with
/// the late record that C acted on. And step 5 comes before 6, so that a record of a run that began to write
/// never stands beside an older file in which a late write may take a sequence that this run used as well:
/// see docs/decisions/0012-run-files.md.
///
/// Temporary files of former lives are removed before a run number is chosen: a rename of one of them that is
/// still under way then finds nothing to rename, so that it cannot replace this run's file even where the
/// host's own record of its last run was lost.
///
/// A pure decider: `next` takes the answer to the last order and gives the next one. After an error the start
/// is given up, and a new one begins with a run number of its own; that is the same as a crash at this place,
/// and `RunFileStartTests` tries every one of them.
struct RunFileStart<Content: RunFileContent>: Sendable {
    /// What is to be done, on the medium unless it says otherwise, before `next` is called again.
    enum Order: Equatable, Sendable {
        /// List the folder.
        case list
        /// Remove a temporary file.
        case sweep(String)
        /// Write the run number to the host's own disk, synced.
        case keepRun(UInt64)
        /// Read a file.
        case read(RunFileName)
        /// Make a file that must not be there yet, with this content, stable.
        case make(String, Content)
        /// Rename it.
        case rename(String, RunFileName)
        /// Write this content, which is newer, to the file that was made, stable.
        case merge(Content)
        /// Remove an older file.
        case remove(RunFileName)
        /// There is nothing left to do: the run may write.
        case begin
        /// There is no valid content of this host: the start fails.
        case giveUp
    }

    /// What came of the last order.
    enum Answer: Sendable {
        /// It is done; also before the first order.
        case done
        /// The names in the folder.
        case names([String])
        /// The content of a file; nil when it is not there any more or holds none that is valid.
        case content(Content?)
    }

    private enum Phase: Equatable {
        case start
        case sweeping([String])
        case choosing
        case keeping
        case reading([RunFileName])
        case making
        case renaming
        case listingAgain
        case readingAgain([RunFileName])
        case merging
        case removing([RunFileName])
        case over
    }

    private let row: Int
    private let hostCount: Int
    private let lastRun: UInt64
    private let nonce: UInt64
    private var phase = Phase.start
    private var older: [RunFileName] = []
    private var newest: Content?
    private var needsMerge = false

    /// The file of this run; meaningful from the order `keepRun` on.
    private(set) var own: RunFileName

    /// The start of a run of the host at `row`.
    ///
    /// `lastRun` is the largest number that the host's own disk knows, `nonce` a random number.
    init(row: Int, hostCount: Int, lastRun: UInt64, nonce: UInt64) {
        self.row = row
        self.hostCount = hostCount
        self.lastRun = lastRun
        self.nonce = nonce
        own = RunFileName(row: row, run: 0)
    }

    /// The next order after the answer to the last one.
    mutating func next(_ answer: Answer) -> Order {
        switch phase {
        case .start:
            phase = .sweeping([])
            return .list
        case .sweeping(let left):
            return sweep(answer, left)
        case .choosing:
            return choose(answer)
        case .keeping:
            return read(older)
        case .reading(let left):
            take(answer)
            return read(left)
        case .making:
            phase = .renaming
            return .rename(own.temporary(nonce: nonce), own)
        case .renaming:
            phase = .listingAgain
            return .list
        case .listingAgain:
            older = ownFiles(answer).filter { $0.run < own.run }
            needsMerge = false
            return readAgain(older)
        case .readingAgain(let left):
            if take(answer) { needsMerge = true }
            return readAgain(left)
        case .merging:
            return remove(older)
        case .removing(let left):
            return remove(left)
        case .over:
            return newest == nil ? .giveUp : .begin
        }
    }

    // MARK: parts

    private func ownFiles(_ answer: Answer) -> [RunFileName] {
        guard case .names(let names) = answer else { return [] }
        return RunFileListing(names, hostCount: hostCount).files(of: row)
    }

    private mutating func sweep(_ answer: Answer, _ left: [String]) -> Order {
        var left = left
        if case .names(let names) = answer {
            left = names.filter { RunFileName.isTemporary($0, row: row) }
            // Nothing to sweep: this listing is the one to choose by.
            if left.isEmpty { return choose(answer) }
        }
        guard let name = left.popLast() else {
            phase = .choosing
            return .list
        }
        phase = .sweeping(left)
        return .sweep(name)
    }

    private mutating func choose(_ answer: Answer) -> Order {
        older = ownFiles(answer)
        own = RunFileName(row: row, run: max(lastRun, older.last?.run ?? 0) + 1)
        phase = .keeping
        return .keepRun(own.run)
    }

    private mutating func read(_ files: [RunFileName]) -> Order {
        var files = files
        if let file = files.popLast() {
            phase = .reading(files)
            return .read(file)
        }
        guard let newest else {
            phase = .over
            return .giveUp
        }
        phase = .making
        return .make(own.temporary(nonce: nonce), newest)
    }

    /// Takes what a file holds; whether that was newer than what is known.
    @discardableResult
    private mutating func take(_ answer: Answer) -> Bool {
        guard case .content(let found) = answer, let found else { return false }
        guard newest != nil else {
            newest = found
            return true
        }
        return newest?.absorb(found) == true
    }

    private mutating func readAgain(_ files: [RunFileName]) -> Order {
        var files = files
        if let file = files.popLast() {
            phase = .readingAgain(files)
            return .read(file)
        }
        if needsMerge, let newest {
            phase = .merging
            return .merge(newest)
        }
        return remove(older)
    }

    private mutating func remove(_ files: [RunFileName]) -> Order {
        guard let oldest = files.first else {
            phase = .over
            return .begin
        }
        phase = .removing(Array(files.dropFirst()))
        return .remove(oldest)
    }
}
