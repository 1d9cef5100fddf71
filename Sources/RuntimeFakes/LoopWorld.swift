public import ByteFormat
import LivesetEngine
public import PoolModel
import StatefileLayout

/// A pool of simulated hosts that run the daemon's loops over memory, on one thread and one clock.
public final class LoopWorld<Authenticator: MessageAuthenticator & ~Copyable> {
    /// The time of all hosts.
    public let time = FakeTime()
    /// The statefile.
    public let disk: MemoryDisk
    /// The networks.
    public let network: MemoryNetwork
    /// The hosts, by row.
    public private(set) var hosts: [LoopHost<Authenticator>] = []

    /// A pool of `hostCount` hosts that all start now, over `networkCount` networks; each with a flight
    /// recorder of `flightBytes` bytes.
    public init(
        hostCount: Int,
        networkCount: Int = 2,
        timing choice: TimingChoice = .fast,
        flightBytes: Int? = nil,
        authenticator: () -> Authenticator
    ) throws {
        let timing = Timing(choice)
        var formatter = authenticator()
        disk = try MemoryDisk(
            hostNames: (1...hostCount).map { "lab\($0)" },
            timing: choice,
            authenticator: &formatter
        )
        network = MemoryNetwork(hostCount: hostCount, networkCount: networkCount)
        for row in 0..<hostCount {
            let settings = EngineSettings(
                own: HostIndex(row),
                hostCount: hostCount,
                timing: timing,
                largestD: disk.header.largestD
            )
            let start = EngineStart(
                boot: BootID(UInt128(row + 1)),
                nonce: RunNonce(UInt64(row + 101)),
                persisted: nil
            )
            hosts.append(
                LoopHost(
                    settings: settings,
                    start: start,
                    disk: disk,
                    network: network,
                    time: time,
                    flightBytes: flightBytes,
                    authenticator: authenticator
                )
            )
        }
    }

    /// Lets every host take turns for so long, one each `step`.
    public func run(for span: TimeSpan, step: TimeSpan = .milliseconds(10)) {
        let end = time.now + span
        while time.now < end {
            for place in 0..<hosts.count {
                if hosts[place].runs { hosts[place].turn() } else { network.clear(hosts[place].own) }
            }
            time.advance(step)
        }
    }
}
