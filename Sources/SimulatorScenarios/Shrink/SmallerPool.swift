import LivesetEngine
import PoolModel
import Simulator

extension Scenario {
    /// The scenario in a pool without `host`, with the hosts behind it moved up; nil when it cannot be told
    /// so.
    func without(_ host: HostIndex) -> Scenario? {
        guard hosts > 1, host.row < hosts else { return nil }
        let lines = text.split(separator: "\n").compactMap { SmallerPool.line(String($0), without: host) }
        let smaller = lines.map { $0 == "hosts \(hosts)" ? "hosts \(hosts - 1)" : $0 }
        do {
            return try Scenario(text: smaller.joined(separator: "\n"), file: "smaller")
        } catch {
            // A line that cannot be told without the host: then the host stays.
            return nil
        }
    }
}

/// Takes a host out of the lines of a scenario: out of lists; with them where nobody is left.
enum SmallerPool {
    /// The line without the host; nil when it was about that host alone.
    static func line(_ line: String, without host: HostIndex) -> String? {
        guard let key = line.split(separator: " ").first, ["at", "expect", "weight"].contains(key) else {
            return line
        }
        var words: [String] = []
        var needsComma = false
        let name = HostNames.name(host)
        let parts = line.split(separator: " ").map(String.init)
        for (place, part) in parts.enumerated() {
            let isListed = part.hasSuffix(",")
            let word = isListed ? String(part.dropLast()) : part
            guard let named = HostNames.read(word[...]) else {
                words.append(part)
                continue
            }
            if word == name {
                // The last of a list goes with the comma before it; one that stands alone takes the line
                // along.
                let follows = place > 0 && parts[place - 1].hasSuffix(",")
                if !isListed, !follows { return nil }
                if !isListed, needsComma, let last = words.popLast() { words.append(String(last.dropLast())) }
                continue
            }
            let moved = named > host ? HostNames.name(HostIndex(named.row - 1)) : word
            words.append(isListed ? moved + "," : moved)
            needsComma = isListed
        }
        return words.joined(separator: " ")
    }
}
