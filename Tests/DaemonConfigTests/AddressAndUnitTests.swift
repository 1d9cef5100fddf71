import PoolModel
import Testing

@testable import DaemonConfig

@Suite struct AddressAndUnitTests {
    @Test(arguments: [
        ("10.77.0.1", "10.77.0.1"), ("::", "0:0:0:0:0:0:0:0"), ("::1", "0:0:0:0:0:0:0:1"),
        ("fd00::2", "fd00:0:0:0:0:0:0:2"),
        ("1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8"), ("fe80::", "fe80:0:0:0:0:0:0:0"),
        ("::ffff:10.0.0.1", "0:0:0:0:0:ffff:a00:1"),
    ])
    func numericAddressesAreRead(text: String, expected: String) {
        #expect(NetworkAddress(text)?.description == expected)
    }

    @Test(arguments: [
        "", "lab1", "10.77.0", "10.77.0.256", "10.77.0.01", "10.77.0.1.2", "1:2:3:4:5:6:7",
        "1:2:3:4:5:6:7:8:9", "1::2::3",
        ":::", "12345::", "fe80::1%eth0", "1.2.3.4::", "+1.2.3.4",
    ])
    func whateverIsNoNumericAddressIsRefused(text: String) { #expect(NetworkAddress(text) == nil) }

    @Test(arguments: [
        ("10.0.0.1", "10.0.0.1:7"), ("10.0.0.1:99", "10.0.0.1:99"), ("fd00::2", "[fd00:0:0:0:0:0:0:2]:7"),
        ("[fd00::2]:99", "[fd00:0:0:0:0:0:0:2]:99"),
    ])
    func endpointsAreReadWithAndWithoutPort(text: String, expected: String) {
        #expect(NetworkEndpoint(text, defaultPort: 7)?.description == expected)
    }

    @Test(arguments: [
        "", ":99", "10.0.0.1:", "10.0.0.1:0", "10.0.0.1:65536", "[10.0.0.1]:99", "[fd00::2]", "a:1",
    ])
    func brokenEndpointsAreRefused(text: String) { #expect(NetworkEndpoint(text, defaultPort: 7) == nil) }

    @Test func timesAndSizesAreReadWithTheirUnits() {
        #expect(UnitText.timeSpan("500ms") == .milliseconds(500))
        #expect(UnitText.timeSpan("1.5 s") == .seconds(1.5))
        #expect(UnitText.timeSpan("2min") == .seconds(120))
        #expect(UnitText.timeSpan("1h") == .seconds(3600))
        for text in ["", "5", "s", "-5s", "5 days", "1e3s", "nan", "99999999999h", "1.2.3s"] {
            #expect(UnitText.timeSpan(text) == nil, "\(text)")
        }
        #expect(UnitText.bytes("512MiB") == 512 << 20)
        #expect(UnitText.bytes("1 TiB") == 1 << 40)
        for text in ["", "4", "4 GB", "GiB", "-1 GiB", "9999999999 TiB"] {
            #expect(UnitText.bytes(text) == nil, "\(text)")
        }
    }
}
