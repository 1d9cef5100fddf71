public import LinuxPlatform
public import PoolModel
public import StatefileMedium

/// What this host was doing when a target failed it.
public enum ISCSIStep: Hashable, Sendable, CustomStringConvertible {
    /// Making the TCP connection.
    case connecting
    /// Logging in.
    case loggingIn
    /// Finding out what the unit is.
    case asking
    /// Reading blocks.
    case reading
    /// Writing blocks.
    case writing

    /// `connecting`.
    public var description: String {
        switch self {
        case .connecting: "connecting"
        case .loggingIn: "logging in"
        case .asking: "asking the unit for its identity and size"
        case .reading: "reading"
        case .writing: "writing"
        }
    }
}

/// What went wrong with a statefile on iSCSI: at which portal, doing what, and what to do next.
public struct ISCSIError: TransportTrouble, Hashable {
    /// The causes.
    public enum Cause: Hashable, Sendable {
        /// No answer came in time; the session was given up.
        case timedOut(ISCSIStep, after: TimeSpan)
        /// The connection failed, with the library's words.
        case broken(ISCSIStep, words: String)
        /// The target does not know the user or the secret, or does not prove itself with ours.
        case authentication
        /// The target knows this host and does not let it in.
        case notAuthorised
        /// There is no such target for this initiator.
        case noTarget
        /// The target refused the login otherwise.
        case loginRefused(words: String)
        /// The portal sends logins elsewhere.
        case redirected(to: String)
        /// There is no such unit.
        case noUnit
        /// The unit is no disk.
        case notADisk(type: UInt8)
        /// The unit is another one than before.
        case otherUnit(expected: String, found: String)
        /// The unit has a size that a statefile cannot use.
        case unusableBlocks(blockBytes: Int, blockCount: UInt64)
        /// The unit takes no writes.
        case writeProtected
        /// Somebody has reserved the unit.
        case reserved
        /// The unit answered with an error.
        case check(ISCSIStep, SenseText)
        /// There is no memory for a session.
        case noMemory
    }

    /// Sense data in words.
    public struct SenseText: Hashable, Sendable, CustomStringConvertible {
        /// The words.
        public let description: String
        init(_ sense: SenseData) { description = sense.description }
    }

    /// The statefile.
    public let address: ISCSIAddress
    /// Where it happened.
    public let portal: SocketAddress
    /// As whom this host logs in.
    public let initiatorName: String
    /// What happened.
    public let cause: Cause

    /// Of what sort it is.
    public var sort: TransportTroubleSort {
        switch cause {
        case .timedOut, .broken: .unreachable
        case .authentication, .notAuthorised, .noTarget, .loginRefused, .redirected, .noUnit, .notADisk,
            .otherUnit, .reserved, .writeProtected, .unusableBlocks:
            .refused
        case .check, .noMemory: .failed
        }
    }

    /// The sentence.
    public var description: String { "statefile \(address): portal \(portal): \(what)" }

    private var what: String {
        switch cause {
        case .timedOut(let step, let span):
            "\(step): no answer within \(span)\(ISCSIError.fate(step)); check the cable and switch to it, and the array"
        case .broken(let step, let words):
            "\(step): the connection failed (\(words))\(ISCSIError.fate(step)); check that the target runs"
        case .authentication:
            "the CHAP secrets are wrong on one side, or missing; compare the file of secrets with the target's settings"
        case .notAuthorised:
            "the target does not let \(initiatorName) in; allow this initiator name there"
        case .noTarget:
            "there is no target \(address.target), or none that \(initiatorName) may see; compare the names"
        case .loginRefused(let words):
            "the target refused the login (\(words))"
        case .redirected(let place):
            "it sends logins to \(place); name that portal in the address, for writes that are under way must be "
                + "known by their portal"
        case .noUnit:
            "there is no logical unit \(address.lun); map the statefile's LUN to \(initiatorName) under that number"
        case .notADisk(let type):
            "logical unit \(address.lun) is a device of type \(type) and no disk"
        case .otherUnit(let expected, let found):
            "logical unit \(address.lun) is another one than before (was \(expected), is \(found)): it is not used; "
                + "map the right LUN to every portal"
        case .unusableBlocks(let bytes, let count):
            "logical unit \(address.lun) has \(count) blocks of \(bytes) bytes; a statefile needs blocks of 512 or 4096, and "
                + "those that it was formatted with"
        case .writeProtected:
            "logical unit \(address.lun) is write-protected; map it for writing"
        case .reserved:
            "logical unit \(address.lun) is reserved by somebody; it must belong to the pool alone"
        case .check(let step, let sense):
            "\(step): the unit answers with an error (\(sense)); look at the array's log"
        case .noMemory:
            "there is no memory for a session"
        }
    }

    private static func fate(_ step: ISCSIStep) -> String {
        step == .writing ? " (it may have been carried out, or may still be)" : ""
    }

    /// What a failed login means, from the library's words, which end with the status: `...(513)`.
    static func loginCause(words: String) -> Cause {
        let digits = words.split(separator: "(").last.map { $0.prefix { $0.isNumber } }
        // Status class and detail of RFC 7143, section 11.13.5.
        switch digits.flatMap({ Int($0) }) {
        case 0x0201: return .authentication
        case 0x0202: return .notAuthorised
        case 0x0203: return .noTarget
        default:
            // What the initiator finds out itself: a target that does not answer CHAP as asked.
            let isCHAP = words.contains("CHAP") || words.contains("uthenticat")
            return isCHAP ? .authentication : .loginRefused(words: words)
        }
    }
}
