/// What is wrong with a datagram that no daemon of the pool sent like this.
public enum Forgery: UInt8, CaseIterable, BitwiseCopyable, Sendable {
    /// Well formed, of the pool's generation, made with another key.
    case wrongKey
    /// As the pool's hosts send it, of another generation.
    case otherGeneration
    /// An authentic heartbeat of one host, from the address of another.
    case otherAddress
    /// An authentic heartbeat that says the receiver sent it.
    case ownSender
    /// It says that a row sent it that the host table does not have.
    case unknownSender
    /// A newer version's, which present hosts must not read.
    case newerFormat
    /// The first half of an authentic heartbeat.
    case cutShort
    /// An authentic heartbeat with more bytes behind it.
    case tooLong
    /// Random bytes.
    case garbage
}

/// How late a watchdog resets its host, within what its driver promises.
public enum WatchdogLateness: UInt8, CaseIterable, BitwiseCopyable, Sendable {
    /// At any moment within the promise; every feed draws anew.
    case byChance
    /// When its time is over.
    case none
    /// As late as the driver may be.
    case full
}
