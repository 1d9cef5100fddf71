/// The addresses of a lab in loopback mode: every host sends to the relay, which passes datagrams on or does
/// not.
struct RelayPlan: Sendable {
    private let third: Int
    let hostCount: Int

    init(_ plan: LabPlan) {
        // Two labs get two third bytes in most cases; where they collide, binding fails with a clear error.
        third = 1 + Int(plan.id.utf8.reduce(UInt32(7)) { ($0 &* 31 &+ UInt32($1)) % 247 })
        hostCount = plan.hostCount
    }

    /// Where a host listens.
    func address(_ host: Int, on link: LabLink) -> String { "127.\(10 + link.number).\(third).\(host)" }

    /// The relay's own address on a network.
    func relay(_ link: LabLink) -> String { "127.\(10 + link.number).\(third).100" }

    /// The relay's port to which one host sends for another.
    func port(from: Int, to: Int) -> Int { 7800 + from * 16 + to }

    /// What a host's configuration names as a peer's address.
    func endpoint(from: Int, to: Int, on link: LabLink) -> String {
        "\(relay(link)):\(port(from: from, to: to))"
    }
}
