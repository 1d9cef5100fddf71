internal import CNFS
import LinuxPlatform
public import PoolModel
public import StatefileMedium

/// A mounted folder on an NFS server: files looked up, read and written, each before a deadline.
///
/// One thread uses it; every call blocks until its deadline at most. An answer of the server, also one that
/// refuses, leaves the session usable. A deadline that passed or a connection that failed ends it: the
/// connection is destroyed, and every later call throws `closed` until a new session is opened. Nothing is
/// sent twice and nothing is cached.
public struct NFSSession: ~Copyable {
    /// Where it leads.
    public let address: NFSAddress
    let root: NFSFileHandle
    let readLimit: Int
    let writeLimit: Int
    private var connection: RPCConnection?
    /// How many requests were sent over the NFS connection.
    public private(set) var requestCount = 0

    /// Connects and mounts.
    public static func open(
        _ address: NFSAddress,
        deadline: MonotonicInstant
    ) throws(NFSError) -> NFSSession {
        NFSSession(address, try NFSOpening(address: address, deadline: deadline).open())
    }

    private init(_ address: NFSAddress, _ mounted: consuming NFSOpening.Mounted) {
        self.address = address
        root = mounted.root
        readLimit = mounted.readLimit
        writeLimit = mounted.writeLimit
        connection = consume mounted.connection
        // FSINFO.
        requestCount = 1
    }

    /// Whether it was not given up yet.
    public var isOpen: Bool { connection != nil }

    /// That a name was there a moment ago and is not any more.
    func gone(_ name: String) -> NFSError { .refused(address, .lookingUp(name), .noSuchName) }

    /// Gives the connection up.
    public mutating func close() { connection = nil }

    /// The call object at `index` for the next batch, made ready.
    mutating func call(
        _ index: Int,
        destination: UnsafeMutableRawPointer? = nil,
        capacity: Int = 0
    ) throws(NFSError) -> RPCCall {
        guard let call = connection?.call(index) else { throw .closed(address) }
        unsafe call.reset(destination: destination, capacity: capacity)
        return call
    }

    /// Queues one request of a batch.
    mutating func queue(_ step: NFSStep, _ body: (OpaquePointer) -> Int32) throws(NFSError) {
        requestCount += 1
        guard let isQueued = unsafe connection?.queue(body) else { throw .closed(address) }
        guard isQueued else {
            let words = connection?.lastWords() ?? ""
            connection = nil
            throw .disconnected(address, step, words: words)
        }
    }

    /// Waits for the first `count` calls of a batch; without all answers the session ends.
    mutating func finish(
        _ count: Int,
        _ step: NFSStep,
        until deadline: MonotonicInstant
    ) throws(NFSError) {
        let start = BootClock().now()
        guard let wait = connection?.wait(forFirst: count, until: deadline) else { throw .closed(address) }
        switch wait {
        case .answered:
            return
        case .timedOut:
            connection = nil
            throw .timedOut(address, step, after: max(deadline - start, .zero))
        case .broken:
            let words = connection?.lastWords() ?? ""
            connection = nil
            throw .disconnected(address, step, words: words)
        }
    }

    /// The status of an answered call of the batch that was waited for last.
    mutating func status(_ index: Int) throws(NFSError) -> NFSStatus {
        guard let end = connection?.call(index).end, case .answered(let status) = end else {
            throw .closed(address)
        }
        return status
    }

    /// The call at `index`, which must have been answered with success.
    mutating func succeeded(_ index: Int, _ step: NFSStep) throws(NFSError) -> RPCCall {
        let status = try status(index)
        guard status == .ok else { throw .refused(address, step, status) }
        guard let call = connection?.call(index) else { throw .closed(address) }
        return call
    }
}
