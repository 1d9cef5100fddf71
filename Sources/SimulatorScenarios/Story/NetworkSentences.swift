import PoolModel
import Simulator

/// The sentences for acts on heartbeat networks: links, cables of one network, datagrams.
enum NetworkSentences {
    static let all: [Sentence<Act>] =
        LinkFault.allCases.map(link) + NetworkFault.allCases.map(network) + oneNetworkLinks + datagrams

    private static func link(_ fault: LinkFault) -> Sentence<Act> {
        Sentence(
            fault.rawValue,
            read: { .link(fault, $0.hosts(0), $0.hosts(1)) },
            write: {
                guard case .link(fault, let one, let other) = $0 else { return nil }
                return [.hosts(one), .hosts(other)]
            }
        )
    }

    private static func network(_ fault: NetworkFault) -> Sentence<Act> {
        Sentence(
            fault.rawValue,
            read: { .network(fault, $0.number(0), $0.hosts(1)) },
            write: {
                guard case .network(fault, let number, let hosts) = $0 else { return nil }
                return [.number(UInt64(number)), .hosts(hosts)]
            }
        )
    }

    private static let oneNetworkLinks: [Sentence<Act>] = [("cut", true), ("plug", false)].map {
        verb,
        isCut in
        Sentence(
            "\(verb) link on network {network} from {hosts} to {hosts}",
            read: { .linkOnNetwork($0.number(0), isCut: isCut, from: $0.hosts(1), to: $0.hosts(2)) },
            write: {
                guard case .linkOnNetwork(let number, isCut, let senders, let receivers) = $0 else {
                    return nil
                }
                return [.number(UInt64(number)), .hosts(senders), .hosts(receivers)]
            }
        )
    }

    private static let datagrams: [Sentence<Act>] = [
        Sentence(
            "corrupt {number1000} datagrams from {hosts} to {hosts}",
            read: { .corrupt($0.number(0), from: $0.hosts(1), to: $0.hosts(2)) },
            write: {
                guard case .corrupt(let count, let senders, let receivers) = $0 else { return nil }
                return [.number(UInt64(count)), .hosts(senders), .hosts(receivers)]
            }
        ),
        Sentence(
            "send {hosts} {forgery} in the name of {host}",
            read: { .forge($0.value(1, Words.forgery), to: $0.hosts(0), as: $0.host(2)) },
            write: {
                guard case .forge(let forgery, let receivers, let sender) = $0 else { return nil }
                return [.hosts(receivers), .phrase(Words.forgery.phrase(for: forgery)), .host(sender)]
            }
        ),
        Sentence(
            "send {hosts} {number1000} old datagrams of {host}",
            read: { .replay($0.number(1), to: $0.hosts(0), of: $0.host(2)) },
            write: {
                guard case .replay(let count, let receivers, let sender) = $0 else { return nil }
                return [.hosts(receivers), .number(UInt64(count)), .host(sender)]
            }
        ),
    ]
}
