internal import FoundationEssentials
internal import LabPlatform

/// Follows what a host's daemon prints, like a serial console: the last words before a reset reach nobody
/// else.
public final class ConsoleTail {
    private let path: String
    private var offset: Int64 = 0

    /// Follows the daemon's log of one host, from its beginning.
    public init(host: HostPaths) {
        path = host.logs + "/holdfastd.log"
    }

    /// One line: when it was printed (CLOCK_BOOTTIME), its level, its text.
    public struct Line: Sendable {
        /// CLOCK_BOOTTIME, from the wall clock that the line carries.
        public var at: Int64
        /// `critical`, `error`, ...
        public var level: String
        /// The rest.
        public var text: String
    }

    /// The lines since the last look.
    public func more() -> [Line] {
        guard let file = try? Descriptor(path: path, flags: OpenFlags.readOnly),
            case .success(let bytes) = file.read(at: offset, count: 1 << 20),
            let end = bytes.lastIndex(of: 10)
        else { return [] }
        offset += Int64(end + 1)
        let shift = LabClock.now - LabClock.wallTime
        return String(decoding: bytes[...end], as: UTF8.self).split(separator: "\n").compactMap { line in
            let words = line.split(separator: " ", maxSplits: 2).map(String.init)
            let style = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
            guard words.count == 3, let date = try? style.parse(words[0]) else { return nil }
            let wall = Int64(date.timeIntervalSince1970 * 1000) * LabClock.millisecond
            return Line(at: wall + shift, level: words[1], text: words[2])
        }
    }
}
