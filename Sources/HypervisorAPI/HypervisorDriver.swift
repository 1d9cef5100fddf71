public import PoolModel

/// What starts, stops and lists the guests of one host.
///
/// One thread owns a driver, the one that also reports what runs: so a report and a start are always one
/// after the other, and a report lists every start that was begun ([ACT-1]). No call waits for a guest; a
/// start may wait for the hypervisor up to a bound that its driver states.
public protocol HypervisorDriver: AnyObject {
    /// What it is, for log and status: `process driver, guests in /var/lib/holdfast/guests`.
    var summary: String { get }
    /// The memory of this host for guests, in MiB.
    var totalMiB: Int { get }

    /// Finds what a former run of the manager left running; called once, before anything else.
    ///
    /// Guests of an earlier boot are never adopted: what is left of them is stopped. Returns sentences for
    /// the log.
    func adopt() throws(HypervisorError) -> [String]

    /// Everything that runs, is being started or stopped, or may be. Never forgets a guest that may still
    /// write.
    func guests() -> [Guest]

    /// The guests that have ended since the last call. Does not block.
    func ended() -> [GuestEnd]

    /// Starts a guest that does not run.
    ///
    /// The driver first prepares everything up to the last step, under the control of whatever stops the
    /// guests of a host that fences itself; then it calls `permit`, which asks the daemon and gives the end
    /// of the host's lease; then, in one step, it looks at the boot clock and lets the guest go if the lease
    /// is current. So whoever fences after the permit finds the guest, and whoever fenced before it gives
    /// none.
    func start(_ order: GuestOrder, permit: () throws(StartRefusal) -> MonotonicInstant)
        throws(HypervisorError)

    /// Asks a guest to stop, and stops it after `grace`. A guest that is not there is no error.
    func stop(_ name: String, grace: TimeSpan) throws(HypervisorError)

    /// Stops a guest at once. A guest that is not there is no error.
    func kill(_ name: String) throws(HypervisorError)
}

/// Why the daemon does not permit a start at the moment.
public struct StartRefusal: Error, Hashable, Sendable, CustomStringConvertible {
    /// The reason in words.
    public let description: String

    /// The refusal for this reason.
    public init(_ reason: String) { description = reason }
}

/// Why a driver did not do what it was asked.
public enum HypervisorError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The start was not permitted, or the lease ended before the last step: nothing was started.
    case notPermitted(String)
    /// The guest, or something that is left of it, still runs here: nothing was started.
    case stillRuns(name: String, detail: String)
    /// The definition cannot be used: nothing was started, and trying again does not help.
    case badDefinition(name: String, reason: String)
    /// The hypervisor or the system refused; nothing runs.
    case failed(name: String, reason: String)
    /// The driver itself cannot work.
    case unusable(String)

    /// The sentence for log and ledger.
    public var description: String {
        switch self {
        case .notPermitted(let reason): "not permitted now: \(reason)"
        case .stillRuns(let name, let detail):
            "'\(name)' still runs here (\(detail)); a second one is never started"
        case .badDefinition(let name, let reason): "the definition of '\(name)' cannot be used: \(reason)"
        case .failed(let name, let reason): "'\(name)': \(reason)"
        case .unusable(let reason): "the driver cannot work: \(reason)"
        }
    }
}
