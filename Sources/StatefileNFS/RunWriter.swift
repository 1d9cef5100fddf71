import LinuxPlatform
import PoolModel
import StatefileLayout

/// This process as the one that writes a host's run files of one kind.
///
/// Makes the file of this run, and one more whenever a write of this run has an unknown outcome: nothing
/// bounds when a server carries it out, so the place that it goes to is given up for good.
struct RunWriter: Sendable {
    /// Whose files they are, as the host table names it.
    let hostName: String
    let part: RunPart
    private let numbers: RunNumberFile
    /// The file that is written to; nil while there is none.
    private(set) var own: Own?
    /// Why there is none.
    private(set) var obstacle = "it was not tried yet"
    /// When the last attempt was made.
    private var triedAt = MonotonicInstant.distantPast
    /// The pool that the first file was made for: none is made for another.
    private var generation: PoolGeneration?

    /// A file of this run.
    struct Own: Sendable {
        let name: RunFileName
        let handle: NFSFileHandle
        let row: Int
    }

    /// A start that goes on at the next round.
    private var progress: Progress?

    private struct Progress: Sendable {
        var decider: RunFileStart<RunArea>
        var answer = RunFileStart<RunArea>.Answer.done
        var made: Made?
        let row: Int
    }

    private struct Made: Sendable {
        let handle: NFSFileHandle
        let area: RunArea
    }

    /// After an attempt that the server refused the next one waits for so long.
    private static let pause = TimeSpan.seconds(2)

    init(hostName: String, part: RunPart, stateDirectory: String) {
        self.hostName = hostName
        self.part = part
        numbers = RunNumberFile(directory: stateDirectory, part: part)
    }

    /// Whether the next attempt is due.
    func isDue(at now: MonotonicInstant) -> Bool {
        own == nil && (progress != nil || now >= triedAt + RunWriter.pause)
    }

    /// Gives the present file up: a write to it has an unknown outcome, or it is gone.
    mutating func giveUp(_ reason: String) {
        own = nil
        progress = nil
        obstacle = reason
        triedAt = .distantPast
    }

    /// What was under way over a session that has ended may still be carried out: the start is given up, and
    /// a new one begins with the next session.
    mutating func sessionEnded() {
        progress = nil
        triedAt = .distantPast
    }

    /// Whether the file that this run writes to is still there under its name; without it the run makes
    /// another.
    mutating func confirm(
        in folder: RunFolder,
        over session: inout NFSSession,
        deadline: MonotonicInstant
    ) throws(NFSError) {
        guard let own else { return }
        let found = try session.lookUp(own.name.description, in: folder.handle, deadline: deadline)
        if found?.handle != own.handle { giveUp("\(folder.path(own.name.description)) is gone") }
    }

    /// Makes the file of a new run, in the order of `RunFileStart`, or goes on with it.
    ///
    /// No step begins past half of the time until `deadline`; then the next call goes on, so that a slow
    /// server takes several rounds and not for ever. Afterwards `own` is the file, or `obstacle` says why
    /// not. Throws when the session has ended.
    mutating func start(
        in folder: RunFolder,
        header: StatefileHeader,
        over session: inout NFSSession,
        deadline: MonotonicInstant
    ) throws(NFSError) {
        let now = BootClock().now()
        var current: Progress
        if let progress {
            current = progress
        } else {
            triedAt = now
            guard let fresh = begin(header) else { return }
            current = fresh
        }
        progress = nil
        let pausesAt = now + (deadline - now) / 2
        do throws(NFSError) {
            while own == nil {
                let order = current.decider.next(current.answer)
                current.answer = .done
                let goesOn = try carryOut(order, &current, in: folder, over: &session, deadline: deadline)
                guard goesOn else { return }
                if BootClock().now() >= pausesAt {
                    obstacle = "it is being made"
                    progress = current
                    return
                }
            }
        } catch {
            obstacle = error.description
            if !session.isOpen { throw error }
        }
    }

    private mutating func begin(_ header: StatefileHeader) -> Progress? {
        guard let row = header.host(named: hostName)?.row else {
            obstacle = "the host table does not name \(hostName)"
            return nil
        }
        guard generation == nil || generation == header.generation else {
            obstacle = "the statefile was formatted anew since this process started"
            return nil
        }
        generation = header.generation
        let decider = RunFileStart<RunArea>(
            row: row,
            hostCount: header.geometry.hostCount,
            lastRun: numbers.read(),
            nonce: KernelRandom.bits64()
        )
        return Progress(decider: decider, row: row)
    }

    /// Carries one order out; false where the start is over, or has failed with `obstacle` saying why.
    private mutating func carryOut(
        _ order: RunFileStart<RunArea>.Order,
        _ current: inout Progress,
        in folder: RunFolder,
        over session: inout NFSSession,
        deadline: MonotonicInstant
    ) throws(NFSError) -> Bool {
        switch order {
        case .list:
            let names = try session.list(folder.handle, name: folder.name, deadline: deadline)
            current.answer = .names(names)
        case .sweep(let name):
            try session.remove(name, in: folder.handle, deadline: deadline)
        case .keepRun(let run):
            if let error = numbers.keep(run) {
                obstacle = "\(error)"
                return false
            }
        case .read(let file):
            current.answer = .content(try folder.read(file, over: &session, deadline: deadline))
        case .make(let name, let area):
            let handle = try folder.make(name, holding: area, over: &session, deadline: deadline)
            current.made = Made(handle: handle, area: area)
        case .rename(let name, let file):
            try session.rename(name, to: file.description, in: folder.handle, deadline: deadline)
        case .merge(let area):
            let file = current.decider.own.description
            guard let made = current.made else { preconditionFailure("what is merged was made before") }
            try folder.write(
                area,
                besides: made.area,
                to: made.handle,
                file,
                over: &session,
                deadline: deadline
            )
        case .remove(let file):
            try session.remove(file.description, in: folder.handle, deadline: deadline)
        case .begin:
            guard let made = current.made else { preconditionFailure("a run that begins has a file") }
            own = Own(name: current.decider.own, handle: made.handle, row: current.row)
            return false
        case .giveUp:
            obstacle =
                "no file of row \(current.row) in \(folder.name) holds a whole record: format the statefile anew"
            return false
        }
        return true
    }
}
