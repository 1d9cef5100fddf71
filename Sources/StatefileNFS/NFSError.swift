public import PoolModel
public import StatefileMedium

/// What this host was doing when the server failed it.
public enum NFSStep: Hashable, Sendable, CustomStringConvertible {
    /// Asking the portmapper for a service's port.
    case askingPortmapper
    /// Connecting to a service.
    case connecting(service: String, port: UInt16)
    /// Mounting the folder.
    case mounting
    /// Asking what the server can do.
    case askingLimits
    /// Looking a name up.
    case lookingUp(String)
    /// Listing a folder.
    case listing(String)
    /// Reading a file.
    case reading(String)
    /// Writing a file.
    case writing(String)
    /// Making a file or folder.
    case making(String)
    /// Giving a file its final name.
    case renaming(String)
    /// Removing a file.
    case removing(String)

    /// `writing statefile`.
    public var description: String {
        switch self {
        case .askingPortmapper: "asking the portmapper (port 111)"
        case .connecting(let service, let port): "connecting to the \(service) service (port \(port))"
        case .mounting: "mounting"
        case .askingLimits: "asking for the server's limits"
        case .lookingUp(let name): "looking up \(name)"
        case .listing(let name): "listing \(name)"
        case .reading(let name): "reading \(name)"
        case .writing(let name): "writing \(name)"
        case .making(let name): "making \(name)"
        case .renaming(let name): "renaming \(name)"
        case .removing(let name): "removing \(name)"
        }
    }

    /// Whether the server may have carried the request out, or may still do so, although no answer came.
    public var changesFiles: Bool {
        switch self {
        case .writing, .making, .renaming, .removing: true
        case .askingPortmapper, .connecting, .mounting, .askingLimits, .lookingUp, .listing, .reading: false
        }
    }
}

/// What went wrong with a statefile on NFS; each says doing what, to what, and what to do next.
public enum NFSError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The server is given by a name.
    case notAnAddress(NFSAddress)
    /// No answer came before the deadline; the connection was given up.
    case timedOut(NFSAddress, NFSStep, after: TimeSpan)
    /// The connection failed, with the C library's words.
    case disconnected(NFSAddress, NFSStep, words: String)
    /// The portmapper answered that the service does not run.
    case noService(NFSAddress, service: String)
    /// The portmapper cannot be asked over IPv6.
    case portsNeeded(NFSAddress)
    /// The mount service refused the folder.
    case mountRefused(NFSAddress, NFSStatus)
    /// The server answered a request with an error.
    case refused(NFSAddress, NFSStep, NFSStatus)
    /// The server acknowledged a write without having it on the medium.
    case notStable(NFSAddress, NFSStep)
    /// The file is shorter than it was.
    case shortRead(NFSAddress, NFSStep, offsetBytes: Int, expected: Int, got: Int)
    /// The server wrote less than it was given.
    case shortWrite(NFSAddress, NFSStep, expected: Int, got: Int)
    /// The file was removed or replaced while it was open.
    case replaced(NFSAddress, name: String)
    /// A folder changed each time it was read.
    case restless(NFSAddress, name: String)
    /// A folder holds more names than a statefile can have.
    case tooManyFiles(NFSAddress, name: String)
    /// This run has no file of its own yet, or gave it up.
    case noOwnFile(NFSAddress, folder: String)
    /// The session was given up by an earlier error.
    case closed(NFSAddress)

    /// The sentence, with the next step.
    public var description: String {
        switch self {
        case .notAnAddress(let place):
            "statefile \(place): '\(place.server)' is a name, and looking names up may take longer than any deadline; "
                + "give the server's IP address"
        case .timedOut(let place, let step, let span):
            "statefile \(place): \(step): no answer within \(span)" + NFSError.fate(step)
                + "; check the cable and switch to \(place.server), and that its NFS server runs"
        case .disconnected(let place, let step, let words):
            "statefile \(place): \(step): the connection failed (\(words))" + NFSError.fate(step)
                + "; check that the NFS server runs and that no firewall is between"
        case .noService(let place, let service):
            "statefile \(place): the portmapper of \(place.server) knows no \(service) service for NFS version 3 over "
                + "TCP; turn version 3 on, or give nfsport= and mountport="
        case .portsNeeded(let place):
            "statefile \(place): over IPv6 the portmapper is not asked; give nfsport= and mountport= (often 2049 and "
                + "20048)"
        case .mountRefused(let place, let status):
            "statefile \(place): the server refuses to mount \(place.path) (\(status)): the folder is not there, or "
                + "not exported to this host's address; check with 'showmount -e \(place.server)'"
        case .refused(let place, let step, let status):
            "statefile \(place): \(step): the server answers \(status); \(status.nextStep)"
        case .notStable(let place, let step):
            "statefile \(place): \(step): the server acknowledged the write but has it in memory only; "
                + "export the folder with 'sync'"
        case .shortRead(let place, let step, let offset, let expected, let got):
            "statefile \(place): \(step) at \(offset) gave \(got) of \(expected) bytes: it became shorter; "
                + "restore nothing while daemons run; format it anew"
        case .shortWrite(let place, let step, let expected, let got):
            "statefile \(place): \(step) took \(got) of \(expected) bytes: the record is torn; "
                + "check the server's free space and quota"
        case .replaced(let place, let name):
            "statefile \(place): \(name) was removed or replaced while it was open; it is opened anew; "
                + "a statefile is never to be moved, copied or restored while daemons run"
        case .restless(let place, let name):
            "statefile \(place): the folder \(name) changed each time it was read; it is read again"
        case .tooManyFiles(let place, let name):
            "statefile \(place): the folder \(name) holds more files than a statefile can have; "
                + "remove what is not Holdfast's, and give the statefile a folder of its own"
        case .noOwnFile(let place, let folder):
            "statefile \(place): this run has no file of its own in \(folder) at the moment, so nothing was written; "
                + "it is made at the next round"
        case .closed(let place):
            "statefile \(place): the connection was given up; it is opened anew"
        }
    }

    /// Whether a change that was asked for may have been carried out, or may still be.
    public var leavesOutcomeUnknown: Bool {
        switch self {
        case .timedOut(_, let step, _), .disconnected(_, let step, _), .notStable(_, let step):
            step.changesFiles
        case .shortWrite: true
        case .refused(_, let step, let status): step.changesFiles && status.mayBePartial
        case .notAnAddress, .noService, .portsNeeded, .mountRefused, .shortRead, .replaced, .restless,
            .tooManyFiles, .noOwnFile, .closed:
            false
        }
    }

    private static func fate(_ step: NFSStep) -> String {
        step.changesFiles ? " (it may have been carried out, or may still be)" : ""
    }
}

extension NFSError: TransportTrouble {
    /// Of what sort it is.
    public var sort: TransportTroubleSort {
        switch self {
        case .timedOut, .disconnected, .noService, .noOwnFile, .closed: .unreachable
        case .notAnAddress, .portsNeeded, .mountRefused: .refused
        case .refused(_, _, let status): status.isRefusal ? .refused : .failed
        case .notStable, .shortRead, .shortWrite, .replaced, .restless, .tooManyFiles: .failed
        }
    }
}
