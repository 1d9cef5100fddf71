import LinuxPlatform
import Testing

@Suite struct SocketAddressTests {
    @Test(arguments: [
        ("10.77.0.2", "10.77.0.2:7694"), ("10.77.0.2:99", "10.77.0.2:99"), ("fd00::2", "[fd00::2]:7694"),
        ("[fd00::2]:99", "[fd00::2]:99"), ("[fd00::2]", "[fd00::2]:7694"), ("::1", "[::1]:7694"),
        ("FD00:0:0::2", "[fd00::2]:7694"),
    ])
    func readsNumbers(text: String, expected: String) throws {
        #expect(try #require(SocketAddress(text, defaultPort: 7694)).description == expected)
    }

    @Test(arguments: [
        "", "lab2", "10.77.0", "10.77.0.2:", "10.77.0.2:x", "10.77.0.2:70000", "[fd00::2", "[fd00::2]x",
        "::1::",
    ])
    func refusesNamesAndNonsense(text: String) {
        #expect(SocketAddress(text, defaultPort: 7694) == nil)
    }

    @Test func keepsTheScopeOfALinkLocalAddress() throws {
        let address = try #require(SocketAddress("fe80::1%lo", defaultPort: 7694))
        #expect(address.scope == 1)
    }

    @Test func takesRawBytes() throws {
        #expect(SocketAddress(bytes: [127, 0, 0, 1], port: 5)?.description == "127.0.0.1:5")
        #expect(SocketAddress(bytes: [1, 2, 3], port: 5) == nil)
    }
}
