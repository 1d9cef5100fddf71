internal import LabPlatform

/// A process of the lab beside the hosts that serves one FUSE volume: the loop that its hardware and disk
/// share.
///
/// It is told what to do by lines on its input and answers each with one line `done ...`; lines `event ...`
/// come when they come. It ends with its input, so it never outlives the lab.
struct Bench {
    /// What a bench process is made of.
    struct Parts {
        let volume: FuseVolume
        /// A line of the supervisor; the answer.
        let obey: (String) -> String
        /// What falls due; when the next thing does.
        let tick: (Int64) -> Int64?
    }

    /// Serves until the input ends.
    ///
    /// Makes itself real-time where permitted: real hardware is never late for load.
    static func run(_ parts: Parts) throws(LabError) {
        let signals = try Signals()
        let input = LineConnection(Descriptor(owning: 0))
        let output = Descriptor(owning: 1)
        _ = Namespaces.becomeRealtime(priority: 2)
        output.write(text: "event ready\n")
        while !parts.volume.isEnded {
            let due = parts.tick(LabClock.now)
            let wait =
                due.map { max(0, ($0 - LabClock.now + LabClock.millisecond - 1) / LabClock.millisecond) }
                ?? 3_600_000
            let ready = Poller.readable(
                [signals.number, input.number, parts.volume.number],
                milliseconds: Int(min(wait, 3_600_000))
            )
            if ready.contains(parts.volume.number) { parts.volume.serve() }
            if ready.contains(input.number) {
                for line in input.receive() { output.write(text: "done \(parts.obey(line))\n") }
                if input.isClosed { break }
            }
            if ready.contains(signals.number), signals.next() == .stop { break }
        }
        parts.volume.unmount()
    }
}
