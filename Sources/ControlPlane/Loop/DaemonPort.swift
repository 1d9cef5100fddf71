import AdminProtocol
public import HypervisorAPI
public import PoolModel

/// The daemon of this host, as the manager's loop sees it.
///
/// One thread uses it; every call may block up to its time-out.
public protocol DaemonPort: AnyObject {
    /// What the daemon says of the pool at this moment.
    func liveset() throws(DaemonTrouble) -> LivesetSnapshot
    /// Tells whether any guest runs here, is being started, or may be running.
    func report(guestsRunning: Bool) throws(DaemonTrouble)
    /// May a guest be started here now, on this order? Gives the end of this host's lease ([ACT-1]).
    func permit(epoch: UInt64, masterNumber: UInt32) throws(StartRefusal) -> MonotonicInstant
}

/// The daemon did not answer.
public struct DaemonTrouble: Error, Hashable, Sendable, CustomStringConvertible {
    /// The sentence for the operator.
    public let description: String

    /// The trouble in these words.
    public init(_ description: String) { self.description = description }
}

/// The daemon behind its control socket.
public final class DaemonClient: DaemonPort {
    private let client: AdminClient

    /// How long one call may take; the loop stands still for so long.
    public static let timeout = TimeSpan.seconds(1)

    /// The daemon that listens at `path`.
    public init(path: String) { client = AdminClient(path: path, timeout: DaemonClient.timeout) }

    /// `liveset`.
    public func liveset() throws(DaemonTrouble) -> LivesetSnapshot {
        do throws(AdminClientError) {
            return LivesetSnapshot(try client.call(LivesetCommand()))
        } catch {
            throw DaemonTrouble(error.description)
        }
    }

    /// `guests`.
    public func report(guestsRunning: Bool) throws(DaemonTrouble) {
        do throws(AdminClientError) {
            _ = try client.call(GuestsCommand(running: guestsRunning))
        } catch {
            throw DaemonTrouble(error.description)
        }
    }

    /// `permit-start`.
    public func permit(epoch: UInt64, masterNumber: UInt32) throws(StartRefusal) -> MonotonicInstant {
        do throws(AdminClientError) {
            let permit = try client.call(PermitStartCommand(epoch: epoch, masterIncarnation: masterNumber))
            return MonotonicInstant(nanoseconds: permit.leaseUntilNanoseconds)
        } catch {
            throw StartRefusal(error.description)
        }
    }
}
