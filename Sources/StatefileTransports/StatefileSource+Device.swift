import LinuxPlatform
import PoolModel
import StatefileBlock
import StatefileISCSI
public import StatefileMedium

extension StatefileSource {
    /// A device for it, not opened yet.
    ///
    /// Throws where what is needed to reach it, other than the storage itself, is missing.
    public func device(for use: StatefileUse) throws(StatefileError) -> TransportDevice {
        switch address {
        case .path(let path):
            return TransportDevice(
                BlockDevice(path: path, access: use.access, createByteCount: use.createByteCount)
            )
        case .iscsi(let address):
            return TransportDevice(
                ISCSIDevice(
                    address: address,
                    login: try login(for: use.purpose, user: address.user),
                    access: use.access,
                    patience: use.patience
                )
            )
        case .nfs:
            throw .transport(MissingTransport(address: address))
        }
    }

    /// As whom this host logs in; the daemon's and the manager's sessions take over those of their former
    /// runs.
    private func login(for purpose: StatefileUse.Purpose, user: String?) throws(StatefileError) -> ISCSILogin
    {
        let lasting: UInt16?
        switch purpose {
        case .rounds, .records: lasting = purpose.rawValue
        case .tool: lasting = nil
        }
        let name = InitiatorName.find(configured: initiatorName, hostName: hostName)
        do throws(CHAPFileError) {
            let secrets = try chapFile.map { path throws(CHAPFileError) in
                try CHAPSecrets(contentsOf: path, urlUser: user)
            }
            if let user, secrets == nil {
                throw CHAPFileError(
                    path: "(statefile.chap-file)",
                    problem: "is not given, and the address names the CHAP user \(user)"
                )
            }
            return ISCSILogin(initiatorName: name, secrets: secrets, purpose: lasting)
        } catch {
            throw .transport(error)
        }
    }
}

/// A transport that this build does not hold.
struct MissingTransport: TransportTrouble {
    let address: StatefileAddress

    var sort: TransportTroubleSort { .refused }
    var description: String { "statefile \(address): this build of Holdfast cannot reach it" }
}
