import AdminProtocol
import LivesetEngine
import PoolModel

extension LeaseGroundWord {
    /// The word of `ground`.
    init(_ ground: LeaseGround) {
        switch ground {
        case .none: self = .none
        case .storage: self = .storage
        case .vouched: self = .vouched
        case .allLost: self = .allLost
        }
    }
}

extension JoinObstacleWord {
    /// The word of `obstacle`.
    init(_ obstacle: JoinObstacle) {
        switch obstacle {
        case .noStatefile: self = .noStatefile
        case .quarantine: self = .quarantine
        case .notHeard: self = .notHeard
        case .waitingForHosts: self = .waitingForHosts
        case .notCertified: self = .notCertified
        case .heldOut: self = .heldOut
        case .poolDisabled: self = .poolDisabled
        case .watchdog: self = .watchdog
        }
    }
}

extension IncarnationReport {
    /// The report of `incarnation`.
    init(_ incarnation: Incarnation) {
        self.init()
        number = incarnation.number.rawValue
        boot = Hexadecimal.text(incarnation.boot.rawValue)
        nonce = Hexadecimal.text(incarnation.nonce.rawValue)
    }
}

extension CertificateReport {
    /// The report of `certificate` over the host called `name`.
    init(_ certificate: DeathCertificate, name: String) {
        self.init()
        host = name
        index = certificate.host.row
        number = certificate.number.rawValue
        clause = CertificateWord(certificate.clause)
        issuedAtNanoseconds = certificate.issuedAt.nanoseconds
        evidenceFromNanoseconds = certificate.evidenceFrom.nanoseconds
        boundMilliseconds = certificate.bound.inMilliseconds
        removedIn = certificate.removedIn.rawValue
    }
}

extension TimingReport {
    /// The report of `timing`, chosen by `choice`.
    init(_ timing: Timing, choice: String, largestD: TimeSpan?) {
        self.init()
        self.choice = choice
        heartbeatIntervalMilliseconds = timing.heartbeatInterval.inMilliseconds
        roundIntervalMilliseconds = timing.roundInterval.inMilliseconds
        networkTimeoutMilliseconds = timing.networkTimeout.inMilliseconds
        storageTimeoutMilliseconds = timing.storageTimeout.inMilliseconds
        graceMilliseconds = timing.grace.inMilliseconds
        watchdogMilliseconds = timing.watchdog.inMilliseconds
        certainlyDeadMilliseconds = timing.certainlyDead.inMilliseconds
        largestCertainlyDeadMilliseconds = (largestD ?? timing.certainlyDead).inMilliseconds
    }
}
