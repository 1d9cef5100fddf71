import LinuxPlatform
public import StatefileMedium

/// As whom this host logs in to a target: name, secrets, and which of its sessions.
public struct ISCSILogin: Sendable {
    /// The initiator's name, unique in the storage network.
    public var initiatorName: String
    /// The secrets, where the target asks for them.
    public var secrets: CHAPSecrets?
    /// Whose session it is; nil for one that nobody ever takes over.
    public var purpose: UInt16?

    /// The login of a session that takes over former ones of its `purpose` and portal.
    public init(initiatorName: String, secrets: CHAPSecrets?, purpose: UInt16?) {
        self.initiatorName = initiatorName
        self.secrets = secrets
        self.purpose = purpose
    }

    /// The identifier of the session over `portal`.
    ///
    /// It is the same in every run of this host for this purpose and portal, so that logging in ends the
    /// former session there, with every write that it still had under way: RFC 7143, section 6.3.5, *session
    /// reinstatement*. Different purposes and portals have different ones, so that none ends another's, even
    /// where a target counts all its portals as one group.
    func sessionID(portal: SocketAddress) -> ISCSISessionID {
        guard let purpose else {
            return ISCSISessionID(random: UInt32(truncatingIfNeeded: KernelRandom.bits64()), qualifier: 0)
        }
        return ISCSISessionID(random: ISCSISessionID.hash("\(portal)"), qualifier: purpose)
    }
}

/// The initiator's part of a session's name: ISID of the format *random*.
struct ISCSISessionID: Hashable {
    /// 24 bits.
    let random: UInt32
    let qualifier: UInt16

    init(random: UInt32, qualifier: UInt16) {
        self.random = random & 0xFF_FFFF
        self.qualifier = qualifier
    }

    /// FNV-1a: the same text gives the same number in every version, for ever.
    static func hash(_ text: String) -> UInt32 {
        var hash: UInt32 = 2_166_136_261
        for byte in text.utf8 { hash = (hash ^ UInt32(byte)) &* 16_777_619 }
        // Folded to 24 bits.
        return (hash >> 24) ^ (hash & 0xFF_FFFF)
    }
}

/// What a target and this host prove to each other; never printed.
public struct CHAPSecrets: Sendable, Equatable, CustomStringConvertible, CustomReflectable {
    /// The user that the target knows this host by.
    public let user: String
    let secret: String
    /// Mutual CHAP: the user that the target answers as, and its secret.
    let target: Pair?

    struct Pair: Sendable, Equatable {
        let user: String
        let secret: String
    }

    /// The name only.
    public var description: String { "CHAP user \(user)" }
    /// Nothing that a dump could show.
    public var customMirror: Mirror { Mirror(self, children: [:]) }

    /// The shortest secret that RFC 7143 allows without further protection.
    static let leastSecretBytes = 12
    /// The longest that every target takes.
    static let mostSecretBytes = 255

    /// Reads the text of a secrets' file: lines `user`, `secret`, `target-user`, `target-secret`, each
    /// followed by its value; `#` begins a comment line.
    ///
    /// `urlUser` is the user that the address names, if any.
    public init(text: String, urlUser: String?, path: String) throws(CHAPFileError) {
        var values: [String: String] = [:]
        for line in text.split(separator: "\n") where !line.isEmpty && !line.hasPrefix("#") {
            let parts = line.split(separator: " ", maxSplits: 1)
            guard parts.count == 2 else {
                throw CHAPFileError(path: path, problem: "has a line without a value")
            }
            guard ["user", "secret", "target-user", "target-secret"].contains(parts[0]) else {
                throw CHAPFileError(
                    path: path,
                    problem: "has a line that begins with none of user, secret, target-user, target-secret"
                )
            }
            values[String(parts[0])] = String(parts[1])
        }
        guard let user = values["user"] ?? urlUser else {
            throw CHAPFileError(path: path, problem: "has no line 'user …', and the address names none")
        }
        if let urlUser, urlUser != user {
            throw CHAPFileError(
                path: path,
                problem: "is for the user \(user), and the address names \(urlUser)"
            )
        }
        guard let secret = values["secret"] else {
            throw CHAPFileError(path: path, problem: "has no line 'secret …'")
        }
        self.user = user
        self.secret = secret
        switch (values["target-user"], values["target-secret"]) {
        case (nil, nil): target = nil
        case (let user?, let secret?): target = Pair(user: user, secret: secret)
        default:
            throw CHAPFileError(
                path: path,
                problem: "has one of target-user and target-secret; mutual CHAP needs both"
            )
        }
        let lengths = CHAPSecrets.leastSecretBytes...CHAPSecrets.mostSecretBytes
        for secret in [secret, target?.secret].compactMap({ $0 }) where !lengths.contains(secret.utf8.count) {
            throw CHAPFileError(
                path: path,
                problem:
                    "has a secret of \(secret.utf8.count) bytes; RFC 7143 wants at least 12, and 255 is the most"
            )
        }
        guard target?.secret != secret else {
            throw CHAPFileError(
                path: path,
                problem: "has the same secret for both directions, which proves nothing"
            )
        }
    }
}

/// What is wrong with a file of secrets.
public struct CHAPFileError: TransportTrouble, Equatable {
    let path: String
    let problem: String

    /// What is wrong, with which file.
    public init(path: String, problem: String) {
        self.path = path
        self.problem = problem
    }

    /// It is for a person to mend.
    public var sort: TransportTroubleSort { .refused }
    /// The sentence.
    public var description: String { "the file of CHAP secrets \(path) \(problem)" }
}
