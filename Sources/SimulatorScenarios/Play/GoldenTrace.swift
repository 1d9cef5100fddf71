import LivesetEngine
import PoolModel
import Simulator

extension Playback {
    /// The decisions of the run, one a line, to tenths of a second: what a golden file holds.
    public var goldenTrace: String {
        var lines: [String] = []
        var fence = chronicle.fences.makeIterator()
        for entry in chronicle.decisions {
            let words =
                if case .reset(let cause) = entry.what, cause != .person {
                    GoldenTrace.words(of: fence.next())
                } else {
                    GoldenTrace.words(of: entry.what)
                }
            lines.append("\(GoldenTrace.time(entry.time)) \(HostNames.name(entry.host)) \(words)")
        }
        return lines.joined(separator: "\n") + "\n"
    }
}

/// Decisions in words.
enum GoldenTrace {
    /// Seconds with one decimal, in a column.
    static func time(_ time: TimeSpan) -> String {
        let tenths = (time.nanoseconds + 50_000_000) / 100_000_000
        let text = "\(tenths / 10).\(tenths % 10)s"
        return String(repeating: " ", count: max(0, 7 - text.count)) + text
    }

    static func words(of fence: Fence?) -> String {
        fence.map { "is fenced: \(Words.reason.phrase(for: $0.reason))" } ?? "is reset"
    }

    static func words(of what: Happening) -> String {
        switch what {
        case .viewAdopted(let epoch, let state, let members, let removed, let master):
            let lead = master.map(HostNames.name) ?? "nobody"
            let rest = removed.isEmpty ? "" : ", removed \(HostNames.list(removed))"
            return "adopts view \(epoch) (\(state)): \(HostNames.list(members)), master \(lead)\(rest)"
        case .certified(let certificate):
            let clause = Words.clause.phrase(for: certificate.clause)
            return "certifies \(HostNames.name(certificate.host)) dead: \(clause)"
        case .mastership(let isActing, let epoch):
            return isActing ? "acts as master of view \(epoch)" : "no longer acts as master"
        case .holdChanged(let isOn): return isOn ? "holds" : "holds no more"
        case .storageLost: return "lost its storage"
        case .storageBack: return "has its storage back"
        case .livingOnVouches: return "lives on vouches"
        case .livingOnAllLost: return "lives on all-lost"
        case .guestStarted(let machine): return "starts machine \(machine)"
        case .reset: return "is reset by a person"
        case .disarmed(let ground): return "disarms: \(ground)"
        default: return "\(what)"
        }
    }
}
