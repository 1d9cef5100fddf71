internal import Glibc

/// Waiting for several descriptors at once.
public enum Poller {
    /// Waits until one of the descriptors can be read (or is broken), or the time is over; those that can.
    public static func readable(_ descriptors: [Int32], milliseconds: Int) -> [Int32] {
        var entries = descriptors.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
        let limit = Int32(clamping: max(0, milliseconds))
        // SAFETY: the array holds exactly `entries.count` entries and lives during the call.
        let count = unsafe poll(&entries, nfds_t(entries.count), limit)
        guard count > 0 else { return [] }
        return entries.filter { $0.revents != 0 }.map(\.fd)
    }

    /// Sleeps.
    public static func wait(for milliseconds: Int) {
        _ = readable([], milliseconds: milliseconds)
    }
}
