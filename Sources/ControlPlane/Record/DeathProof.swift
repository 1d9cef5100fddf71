/// Why a host's life that may have run a machine is over, kept with each restart (section 7, last sentence).
public struct DeathProof: Codable, Hashable, Sendable {
    /// What kind of proof this is; the raw values of the clauses are those of the control socket.
    public enum Clause: String, Codable, Sendable, CaseIterable {
        /// [DEAD-1]: its lease must have run out.
        case leaseExpiry = "lease-expiry"
        /// [DEAD-2]: its own last record says so.
        case tombstone
        /// [DEAD-3]: it booted anew.
        case newBoot = "new-boot"
        /// [DEAD-4]: a fence agent or the storage target confirmed it.
        case confirmedOff = "confirmed-off"
        /// [DEAD-5]: the operator confirmed it.
        case operatorConfirmed = "operator-confirmed"
        /// The adopted view no longer carries it: an earlier proposer had certified it (section 4).
        case carriedByView = "carried-by-view"
        /// A higher incarnation of it was admitted, which is done only after the death of the lower one, and
        /// that incarnation's manager has reported that it does not run the machine.
        case newerIncarnation = "newer-incarnation"
    }

    /// The dead host's row.
    public var host: Int
    /// The dead host's name.
    public var hostName: String
    /// The dead incarnation.
    public var number: UInt32
    /// The kind of proof.
    public var clause: Clause
    /// The host that had it: the acting master.
    public var by: String
    /// When it was issued, nanoseconds of `by`'s boot clock; 0 where the kind has no time.
    public var issuedAtNanoseconds: Int64 = 0
    /// [DEAD-1]: the evidence from which the bound was counted, on the same clock.
    public var evidenceFromNanoseconds: Int64 = 0
    /// [DEAD-1]: the bound D that had to pass.
    public var boundMilliseconds = 0
    /// The view in which the host was removed; 0 when not known.
    public var removedIn: UInt64 = 0

    /// The proof of this kind.
    public init(host: Int, hostName: String, number: UInt32, clause: Clause, by: String) {
        self.host = host
        self.hostName = hostName
        self.number = number
        self.clause = clause
        self.by = by
    }

    private var reason: String {
        switch clause {
        case .leaseExpiry:
            "its last sign of life was \(seconds(issuedAtNanoseconds - evidenceFromNanoseconds)) s old,"
                + " longer than it can live without one (\(seconds(Int64(boundMilliseconds) * 1_000_000)) s)"
        case .tombstone: "its own last record says that it had stopped every guest"
        case .newBoot: "it has booted anew"
        case .confirmedOff: "a fence agent or the storage target confirmed that it is off"
        case .operatorConfirmed: "an operator confirmed it"
        case .carriedByView: "the liveset no longer carries it, an earlier view's proposer had certified it"
        case .newerIncarnation: "a newer life of it was admitted and does not run this machine"
        }
    }

    private func seconds(_ nanoseconds: Int64) -> String {
        let tenths = nanoseconds / 100_000_000
        return "\(tenths / 10).\(abs(tenths % 10))"
    }

    /// What was proved and how: `lab1 (incarnation 3) is certified dead [lease-expiry] by lab2: ...`.
    public var sentence: String {
        let view = removedIn > 0 ? ", removed by view \(removedIn)" : ""
        return
            "\(hostName) (incarnation \(number)) is certified dead [\(clause.rawValue)] by \(by)\(view): \(reason)"
    }
}
