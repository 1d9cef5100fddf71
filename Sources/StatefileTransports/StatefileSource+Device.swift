import StatefileBlock
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
        case .iscsi, .nfs:
            throw .transport(MissingTransport(address: address))
        }
    }
}

/// A transport that this build does not hold.
struct MissingTransport: TransportTrouble {
    let address: StatefileAddress

    var sort: TransportTroubleSort { .refused }
    var description: String { "statefile \(address): this build of Holdfast cannot reach it" }
}
