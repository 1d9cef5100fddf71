public import PoolModel

/// The names of hosts in scenarios: `lab1` is the host in row 0, as in the lab.
public enum HostNames {
    /// The set that *all* stands for: every host, however many there are.
    static let all = HostSet(bits: .max)

    /// The name of a host.
    public static func name(_ host: HostIndex) -> String { "lab\(host.row + 1)" }

    /// The names of several hosts: `lab1, lab2`.
    public static func list(_ hosts: HostSet) -> String {
        if hosts == all { return "all" }
        return hosts.isEmpty ? "nobody" : hosts.map(name).joined(separator: ", ")
    }

    /// Reads a name; nil when it is no host of a pool of any size.
    static func read(_ word: Substring) -> HostIndex? {
        guard word.hasPrefix("lab"), SpanText.isNumber(word.dropFirst(3)),
            let number = Int(word.dropFirst(3)),
            number >= 1, number <= HostIndex.limit
        else { return nil }
        return HostIndex(number - 1)
    }
}
