import LinuxPlatform
import PoolModel
import StatefileMedium
import StatefileTransports

/// The way to the own record area: alone on this host first, then open, then with no former write left that
/// could land ([VIEW-3]).
struct RecordOpening: ~Copyable {
    /// What one attempt came to.
    enum Outcome {
        case opened(RecordMedium, [AreaContent])
        case waiting(String)
    }

    private let source: StatefileSource
    private let hostName: String
    private let keys: RecordKeys
    private let lockPath: String
    private var formerLives: FormerLives?
    private var medium: RecordMedium?

    init(source: StatefileSource, hostName: String, keys: RecordKeys, lockPath: String) {
        self.source = source
        self.hostName = hostName
        self.keys = keys
        self.lockPath = lockPath
    }

    /// Goes on from where the last attempt ended.
    mutating func attempt() -> Outcome {
        do throws(RecordMediumError) {
            let now = BootClock().now()
            if formerLives == nil {
                let device = try RecordMedium.device(source)
                let bound = source.formerWritesBound(device.facts.kind)
                formerLives = FormerLives(lockPath: lockPath, bound: bound)
            }
            guard formerLives?.isAlone(now: now) == true else { return obstacle }
            let medium = try opened()
            // Reading serves the ways that are not taken over yet.
            let areas = try medium.readAreas()
            guard formerLives?.isOver(now: now, openWay: medium.wayOfFormerWrites) == true else {
                return obstacle
            }
            return .opened(medium, areas)
        } catch {
            return .waiting(error.description)
        }
    }

    private mutating func opened() throws(RecordMediumError) -> RecordMedium {
        if let medium { return medium }
        let made = try RecordMedium(source: source, hostName: hostName, keys: keys)
        medium = made
        return made
    }

    private var obstacle: Outcome {
        switch formerLives {
        case .some(let lives):
            .waiting(lives.obstacle.map { "the pool record is not written yet: \($0)" } ?? "not ready")
        case nil: .waiting("not ready")
        }
    }
}
