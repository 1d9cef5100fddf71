internal import CLab
internal import Glibc

/// The signals of a lab process, as input of its loop.
public final class Signals {
    private let descriptor: Descriptor

    /// Blocks SIGCHLD, SIGTERM, SIGINT and SIGHUP for this process, and ignores SIGPIPE.
    public init() throws(LabError) {
        let number = clab_signal_descriptor()
        guard number >= 0 else { throw LabError("signalfd", errorNumber: number) }
        descriptor = Descriptor(owning: number)
    }

    /// For poll.
    public var number: Int32 { descriptor.number }

    /// What a signal asks for.
    public enum Kind: Sendable {
        /// A child ended: reap.
        case childEnded
        /// Stop in good order.
        case stop
    }

    /// The next signal, nil when there is none.
    public func next() -> Kind? {
        let signal = clab_next_signal(descriptor.number)
        guard signal > 0 else { return nil }
        return signal == SIGCHLD ? .childEnded : .stop
    }
}
