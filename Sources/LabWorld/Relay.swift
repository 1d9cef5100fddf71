internal import FoundationEssentials
public import LabPlatform

/// The network of a lab in loopback mode: passes every datagram from host to host, or loses it.
///
/// Each host sends what is for a peer to a port of the relay's own; the relay sends it on from the port to
/// which that peer sends back, so that both see the address that they were configured with.
public enum Relay {
    private struct Way: Hashable {
        let direction: LabDirection
        let link: LabLink
    }

    /// Relays until the input ends.
    public static func run(directory: String) throws(LabError) {
        let plan = try LabPlan.load(directory: directory)
        let addresses = RelayPlan(plan)
        var sockets: [Way: DatagramSocket] = [:]
        var ways: [Int32: Way] = [:]
        for link in LabLink.allCases.prefix(plan.heartbeatNetworkCount) {
            for from in 1...plan.hostCount {
                for to in 1...plan.hostCount where from != to {
                    let way = Way(direction: LabDirection(from: from, to: to), link: link)
                    let socket = try DatagramSocket(
                        address: addresses.relay(link),
                        port: addresses.port(from: from, to: to)
                    )
                    sockets[way] = socket
                    ways[socket.number] = way
                }
            }
        }
        try serve(addresses, sockets: sockets, ways: ways)
    }

    private static func serve(
        _ addresses: RelayPlan,
        sockets: [Way: DatagramSocket],
        ways: [Int32: Way]
    ) throws(LabError) {
        let signals = try Signals()
        let input = LineConnection(Descriptor(owning: 0))
        let output = Descriptor(owning: 1)
        var faults = NetworkFaults()
        output.write(text: "event ready\n")
        while true {
            let ready = Poller.readable([signals.number, input.number] + ways.keys, milliseconds: 60_000)
            for number in ready {
                guard let way = ways[number], let socket = sockets[way] else { continue }
                let back = Way(
                    direction: LabDirection(from: way.direction.to, to: way.direction.from),
                    link: way.link
                )
                // Bounded: at most 64 datagrams of one way, then the next.
                for _ in 0..<64 {
                    guard let datagram = socket.receive() else { break }
                    if isLost(way, faults) { continue }
                    sockets[back]?.send(
                        datagram,
                        to: addresses.address(way.direction.to, on: way.link),
                        port: HostConfiguration.port
                    )
                }
            }
            if ready.contains(input.number) {
                for line in input.receive() { output.write(text: "done \(take(line, &faults))\n") }
                if input.isClosed { return }
            }
            if ready.contains(signals.number), signals.next() == .stop { return }
        }
    }

    private static func take(_ line: String, _ faults: inout NetworkFaults) -> String {
        guard let wanted = try? LabJSON.decode(NetworkFaults.self, from: line) else {
            return "not understood"
        }
        faults = wanted
        return "ok"
    }

    private static func isLost(_ way: Way, _ faults: NetworkFaults) -> Bool {
        if faults.oneWay.contains(way.direction) { return true }
        for host in [way.direction.from, way.direction.to] {
            let port = LabPort(host, way.link)
            if faults.silent.contains(port) || faults.pulled.contains(port) { return true }
            if let percent = faults.loss[port], Int.random(in: 0..<100) < percent { return true }
        }
        return false
    }
}
