import LinuxPlatform
import NodeRuntime
import PoolModel
import Testing

/// Real sockets on the loopback interface.
@Suite struct UDPTransportTests {
    private static let peer = HostIndex(1)

    private static func address(_ text: String, _ port: UInt16 = 0) throws -> SocketAddress {
        try #require(SocketAddress(text, defaultPort: port))
    }

    private static func transport(_ binds: [String]) throws -> UDPTransport {
        try UDPTransport(
            try binds.map { NetworkEndpoint(name: $0, bind: try address($0), peers: [:]) }
        )
    }

    private static func port(of transport: borrowing UDPTransport, _ network: Int) throws -> UInt16 {
        let port = transport.boundPort(of: network)
        return try #require(port)
    }

    /// The next datagram, for whose arrival the loopback interface needs no time.
    private static func receive(_ transport: inout UDPTransport) -> (ReceivedDatagram, [UInt8])? {
        var buffer = [UInt8](repeating: 0, count: 64)
        var span = buffer.mutableSpan
        guard let received = transport.receive(into: &span) else { return nil }
        return (received, Array(buffer.prefix(min(received.byteCount, 64))))
    }

    @Test(arguments: [
        ["127.0.10.1"], ["::1"], ["127.0.10.1", "127.0.11.1"],
        ["127.0.10.1", "::1", "127.0.11.1", "127.0.12.1"],
    ])
    func carriesADatagramOverEachNetwork(binds: [String]) throws {
        var left = try Self.transport(binds)
        var right = try Self.transport(binds)
        for network in binds.indices {
            let port = try Self.port(of: right, network)
            left.setAddress(of: Self.peer, on: network, to: try Self.address(binds[network], port))
            let datagram: [UInt8] = [1, 2, 3, UInt8(network)]
            let outcome = left.send(datagram.span, to: Self.peer, over: network)
            #expect(outcome == .sent)
        }
        var networks: Set<Int> = []
        while let (received, bytes) = Self.receive(&right) {
            #expect(bytes == [1, 2, 3, UInt8(received.network)])
            #expect(received.addressOwner == nil)
            networks.insert(received.network)
        }
        #expect(networks == Set(binds.indices))
        #expect(left.counters[0].figures.sent == 1)
        #expect(right.counters[0].figures.received == 1)
    }

    @Test func namesTheHostWhoseAddressADatagramCameFrom() throws {
        var left = try Self.transport(["127.0.10.1"])
        var right = try Self.transport(["127.0.10.2"])
        left.setAddress(of: Self.peer, on: 0, to: try Self.address("127.0.10.2", try Self.port(of: right, 0)))
        right.setAddress(
            of: HostIndex(7),
            on: 0,
            to: try Self.address("127.0.10.1", try Self.port(of: left, 0))
        )
        let outcome = left.send([9].span, to: Self.peer, over: 0)
        #expect(outcome == .sent)
        #expect(Self.receive(&right)?.0.addressOwner == HostIndex(7))
    }

    @Test func tellsTheRealLengthOfADatagramThatIsTooLong() throws {
        var left = try Self.transport(["127.0.10.1"])
        var right = try Self.transport(["127.0.10.1"])
        left.setAddress(of: Self.peer, on: 0, to: try Self.address("127.0.10.1", try Self.port(of: right, 0)))
        let outcome = left.send([UInt8](repeating: 5, count: 900).span, to: Self.peer, over: 0)
        #expect(outcome == .sent)
        #expect(Self.receive(&right)?.0.byteCount == 900)
    }

    @Test func aPeerWithoutAnAddressIsNotReached() throws {
        var transport = try Self.transport(["127.0.10.1"])
        let outcome = transport.send([1].span, to: HostIndex(3), over: 0)
        #expect(outcome == .noAddress)
    }

    /// 192.0.2.0/24 is for documentation (RFC 5737): never configured.
    @Test func anAddressThatIsNotConfiguredYetIsNoError() throws {
        var transport = try Self.transport(["192.0.2.77"])
        #expect(transport.counters[0].figures.openError == 0)
        transport.setAddress(of: Self.peer, on: 0, to: try Self.address("192.0.2.78", 7694))
        let outcome = transport.send([1].span, to: Self.peer, over: 0)
        #expect(outcome == .unreachable)
        #expect(transport.counters[0].figures.unreachable == 1)
        #expect(transport.counters[0].figures.lastSendError != 0)
        #expect(Self.receive(&transport) == nil)
    }

    @Test func aPortThatIsTakenIsCountedAndNotFatal() throws {
        let holder = try Self.transport(["127.0.10.9"])
        let port = try Self.port(of: holder, 0)
        var second = try UDPTransport([
            NetworkEndpoint(
                name: "a",
                bind: try Self.address("127.0.10.9", port),
                peers: [Self.peer: try Self.address("127.0.10.10", 7694)]
            )
        ])
        #expect(SystemError.name(of: second.counters[0].figures.openError) == "EADDRINUSE")
        let outcome = second.send([1].span, to: Self.peer, over: 0)
        #expect(outcome == .unreachable)
        #expect(Self.receive(&second) == nil)
        _ = holder.boundPort(of: 0)
    }

    @Test func aFloodFillsABoundedBufferAndIsReadToTheEnd() throws {
        var left = try Self.transport(["127.0.10.1"])
        var right = try Self.transport(["127.0.10.1"])
        left.setAddress(of: Self.peer, on: 0, to: try Self.address("127.0.10.1", try Self.port(of: right, 0)))
        let garbage = [UInt8](repeating: 0xEE, count: 1400)
        for _ in 0..<20_000 { _ = left.send(garbage.span, to: Self.peer, over: 0) }
        var count = 0
        while Self.receive(&right) != nil { count += 1 }
        #expect(count > 0)
        #expect(count < 20_000)
        #expect(right.counters[0].figures.received == count)
    }
}
