import StatefileMedium
import Testing

@Suite("Addresses of statefiles")
struct StatefileAddressTests {
    @Test(
        "an address reads back as it was written",
        arguments: [
            "/srv/statefile", "/dev/disk/by-id/scsi-36001",
            "iscsi://10.0.0.1:3260/iqn.2026-01.com.example:sf/1",
            "iscsi://pool@10.0.0.1:3260,[fd00::2]:860/eui.0123456789abcdef/255",
            "nfs://10.0.0.1/srv/sf", "nfs://[fd00::1]/srv/sf?nfsport=2049&mountport=20048&uid=0&gid=4",
        ]
    )
    func roundTrip(text: String) throws {
        let address = try StatefileAddress(text)
        #expect("\(address)" == text)
        #expect(try StatefileAddress("\(address)") == address)
    }

    @Test("what is left out has its default")
    func defaults() throws {
        let text = "iscsi://10.0.0.1/iqn.2026-01.com.example:sf/0"
        #expect("\(try StatefileAddress(text))" == "iscsi://10.0.0.1:3260/iqn.2026-01.com.example:sf/0")
        #expect("\(try StatefileAddress("nfs://10.0.0.1/srv/sf/?version=3"))" == "nfs://10.0.0.1/srv/sf")
        #expect(try StatefileAddress("/srv/x").path == "/srv/x")
        #expect(try StatefileAddress(text).path == nil)
    }

    @Test(
        "what is no address is refused with what to write",
        arguments: [
            ("", StatefileAddressError.empty), ("ftp://x/y", .unknownScheme("ftp")),
            ("iscsi://pool%geheim@10.0.0.1/iqn.a/1", .holdsSecret), ("iscsi://@10.0.0.1/iqn.a/1", .badUser),
            ("iscsi://array/iqn.a/1", .notAnAddress("array")),
            ("iscsi://10.0.0.1:x/iqn.a/1", .notAnAddress("10.0.0.1:x")),
            ("iscsi:///iqn.a/1", .notAnAddress("")), ("iscsi://10.0.0.1,/iqn.a/1", .notAnAddress("")),
            ("iscsi://10.0.0.1,10.0.0.1:3260/iqn.a/1", .doublePortal("10.0.0.1:3260")),
            ("iscsi://1.1.1.1,1.1.1.2,1.1.1.3,1.1.1.4,1.1.1.5/iqn.a/1", .tooManyPortals(5)),
            ("iscsi://10.0.0.1/sf/1", .badTarget("sf")), ("iscsi://10.0.0.1", .badTarget("")),
            ("iscsi://10.0.0.1/iqn.a", .badLUN("")), ("iscsi://10.0.0.1/iqn.a/256", .badLUN("256")),
            ("iscsi://10.0.0.1/iqn.a/1/2", .badLUN("1/2")), ("iscsi://10.0.0.1/iqn.a/+1", .badLUN("+1")),
            ("nfs://filer/srv", .notAnAddress("filer")),
            ("nfs://10.0.0.1:2049/srv", .notAnAddress("10.0.0.1:2049")),
            ("nfs://10.0.0.1", .noFolder("10.0.0.1")), ("nfs://10.0.0.1/", .noFolder("/")),
            ("nfs://10.0.0.1/srv?version=4", .versionFour("4")),
            ("nfs://10.0.0.1/srv?version=4.1", .versionFour("4.1")),
            ("nfs://10.0.0.1/srv?version=2", .badOption(name: "version", value: "2", allowed: "3")),
            ("nfs://10.0.0.1/srv?soft", .unknownOption("soft")),
            (
                "nfs://10.0.0.1/srv?nfsport=0",
                .badOption(name: "nfsport", value: "0", allowed: "a number from 1 to 65535")
            ),
        ]
    )
    func refusals(text: String, error: StatefileAddressError) {
        let thrown = #expect(throws: StatefileAddressError.self) { try StatefileAddress(text) }
        #expect(thrown == error)
        #expect(thrown?.description.contains("geheim") == false)
    }
}
