import PoolModel
import Testing

@testable import DaemonConfig

/// What is said of `toml`, all mistakes on lines of their own.
private func complaint(_ toml: String) -> String {
    do throws(ConfigError) {
        _ = try DaemonSettings(toml: toml, file: "h.toml")
        return ""
    } catch {
        return error.description
    }
}

/// A line of the sample, what replaces it, and what must be said.
struct Spoiled: Sendable, CustomTestStringConvertible {
    var old: String
    var new: String
    var expected: [String]
    var testDescription: String { new.isEmpty ? "without \(old)" : new }

    init(_ old: String, _ new: String, _ expected: String...) {
        self.old = old
        self.new = new
        self.expected = expected
    }

    static let all = [
        Spoiled(#"name = "lab1""#, "", "h.toml: host.name: is missing"),
        Spoiled(#"name = "lab1""#, "name = 7", "host.name = 7: must be a string"),
        Spoiled(
            #"name = "lab1""#,
            "name = \"lab1\"\nweight = 0",
            "host.weight = 0: must be a whole number, 1 ... 65535"
        ),
        Spoiled(
            #"name = "lab1""#,
            "name = \"lab1\"\nwieght = 5",
            "host.wieght = 5",
            "did you mean 'weight'?"
        ),
        Spoiled("[policy]", "[polcy]", "polcy = a table: there is no such key", "did you mean 'policy'?"),
        Spoiled(
            #"key-file = "/etc/holdfast/pool.key""#,
            #"key-file = "pool.key""#,
            "pool.key-file",
            "absolute path"
        ),
        Spoiled(
            #"profile = "fast""#,
            #"profile = "faster""#,
            "timing.profile = \"faster\"",
            "\"conservative\", \"default\", \"fast\""
        ),
        Spoiled(
            #"profile = "fast""#,
            "profile = \"fast\"\nstorage-stall-tolerance = \"20s\"",
            "timing.storage-stall-tolerance = \"20s\": give either this or profile"
        ),
        Spoiled(
            #"profile = "fast""#,
            #"storage-stall-tolerance = "1s""#,
            "timing.storage-stall-tolerance = \"1s\": unsafe timing:",
            "is more than",
            "the least that holds is"
        ),
        Spoiled(#"profile = "fast""#, #"storage-stall-tolerance = "20""#, "must be a length of time such as"),
        Spoiled(#"profile = "fast""#, #"storage-stall-tolerance = "11min""#, "must be 0 s ... 600 s"),
        Spoiled("port = 7694", "port = 70000", "heartbeat.port = 70000: must be a whole number, 1 ... 65535"),
        Spoiled("port = 7694", "port = \"x\"", "heartbeat.port = \"x\""),
        Spoiled(
            #"bind = "10.77.0.1""#,
            #"bind = "lab1.example""#,
            "heartbeat.network[1].bind",
            "numeric IPv4 or IPv6"
        ),
        Spoiled(#"bind = "10.77.0.1""#, #"bind = "0.0.0.0""#, "wildcard"),
        Spoiled(#"bind = "10.77.0.1""#, #"bind = "fd00::1""#, "is not of the same kind (IPv4, IPv6)"),
        Spoiled(#"interfaces = ["eth0"]"#, #"interfaces = "eth0""#, "must be a list of strings"),
        Spoiled(#"interfaces = ["eth0"]"#, "interfaces = [3]", "must hold strings"),
        Spoiled(#"witness = "10.77.0.254""#, #"witness = "gateway""#, "heartbeat.network[1].witness"),
        Spoiled(
            #"lab2 = "10.77.0.2""#,
            #"lab2 = "10.77.0.2:0""#,
            "heartbeat.network[1].peers.lab2",
            "must be a numeric address"
        ),
        Spoiled(#"lab2 = "10.77.0.2""#, #"lab1 = "10.77.0.2""#, "peers.lab1", "is this host itself"),
        Spoiled(#"lab2 = "10.77.0.2""#, #"lab2 = "10.77.0.3:7700""#, "is the same address as that of lab2"),
        Spoiled(#"path = "/srv/statefile""#, "", "statefile.path: is missing"),
        Spoiled(
            #"path = "/srv/statefile""#,
            #"path = "statefile""#,
            "statefile.path = \"statefile\": must be an absolute path"
        ),
        Spoiled(
            #"path = "/srv/statefile""#,
            #"path = "iscsi://10.0.0.1/iqn.a/1""#,
            "statefile.path: is a URL; write it as statefile.url"
        ),
        Spoiled(
            #"path = "/srv/statefile""#,
            #"url = "/srv/statefile""#,
            "statefile.url = \"/srv/statefile\": must be a URL"
        ),
        Spoiled(
            #"path = "/srv/statefile""#,
            #"url = "iscsi://array/iqn.a/1""#,
            "statefile.url = \"iscsi://array/iqn.a/1\": names 'array', which is no IP address"
        ),
        Spoiled(
            #"path = "/srv/statefile""#,
            "path = \"/srv/statefile\"\nurl = \"iscsi://10.0.0.1/iqn.a/1\"",
            "statefile.url: stands beside statefile.path"
        ),
        Spoiled(
            #"path = "/srv/statefile""#,
            "path = \"/srv/statefile\"\nchap-file = \"/etc/holdfast/chap\"",
            "statefile.chap-file",
            "is for a statefile on iSCSI only"
        ),
        Spoiled(
            #"path = "/srv/statefile""#,
            "url = \"iscsi://10.0.0.1/iqn.a/1\"\ninitiator-name = \"lab1\"",
            "statefile.initiator-name = \"lab1\": must be a name of iSCSI"
        ),
        Spoiled(
            #"storage-loss-limit = "never""#,
            #"storage-loss-limit = "1s""#,
            "policy.storage-loss-limit = \"1s\": must be 10 s"
        ),
        Spoiled(#"storage-loss-limit = "never""#, "removal-limit = -1", "policy.removal-limit = -1"),
        Spoiled(
            #"storage-loss-limit = "never""#,
            #"on-storage-loss = "die""#,
            "must be one of \"stay\", \"fence\""
        ),
        Spoiled(#"memory = "4 GiB""#, #"memory = "4 GB""#, "manager.memory = \"4 GB\": must be a size"),
        Spoiled(
            #"memory = "4 GiB""#,
            #"driver = "kvm""#,
            "manager.driver = \"kvm\": must be one of \"process\""
        ),
        Spoiled("[statefile]", "[statefile", "line 17", "this is no TOML"),
    ]
}

@Suite struct MistakeTests {
    @Test(arguments: Spoiled.all)
    func aMistakeNamesFileKeyValueAndWhatIsAllowed(spoiled: Spoiled) {
        let said = complaint(SampleText.with(spoiled.new, insteadOf: spoiled.old))
        #expect(said.hasPrefix("h.toml: "))
        for part in spoiled.expected { #expect(said.contains(part), "\(said)") }
    }

    @Test func aSecretInAURLIsRefusedAndNotShown() {
        for key in ["url", "path"] {
            let text = "\(key) = \"iscsi://pool%geheim@10.0.0.1/iqn.a/1\""
            let said = complaint(SampleText.with(text, insteadOf: #"path = "/srv/statefile""#))
            #expect(said.contains("statefile.\(key)"))
            #expect(!said.contains("geheim"))
        }
    }

    @Test func allMistakesAreToldAtOnce() {
        let text = SampleText.correct.replacing("7694", with: "0").replacing("lab1", with: "").replacing(
            "4 GiB",
            with: "x"
        )
        let said = complaint(text)
        #expect(said.split(separator: "\n").count == 3)
    }

    @Test func anEmptyFileNamesWhatIsMissing() {
        let said = complaint("")
        #expect(said.contains("the table [host] is missing"))
        #expect(said.contains("the table [heartbeat] is missing"))
        #expect(said.contains("the table [statefile] is missing"))
    }

    @Test func fiveNetworksAreTooMany() {
        let network = """
            [[heartbeat.network]]
            name = "n"
            bind = "10.0.0.1"
            [heartbeat.network.peers]
            lab2 = "10.0.0.2"

            """
        let said = complaint(SampleText.correct + "\n" + String(repeating: network, count: 4))
        #expect(said.contains("heartbeat.network"))
        #expect(said.contains("5 networks; at most 4"))
        #expect(said.contains("another network has the same name"))
        #expect(said.contains("another network binds the same address"))
    }

    @Test func aRunDirectoryTooLongForASocketIsRefused() {
        let path = "/" + String(repeating: "x", count: 100)
        #expect(
            complaint(SampleText.correct + "\n[paths]\nrun-directory = \"\(path)\"").contains(
                "at most 107 bytes"
            )
        )
    }

    @Test func aHostThatIsNotInTheHeaderIsToldTheTable() throws {
        let settings = try DaemonSettings(toml: SampleText.correct, file: "h.toml")
        let header = HeaderFacts(hosts: ["lab11", "lab2", "lab3"], largestD: .seconds(60))
        do throws(ConfigError) {
            _ = try settings.engineSettings(header: header)
            Issue.record("lab1 is in no row")
        } catch {
            #expect(error.description.contains("host.name = \"lab1\": is not in the host table"))
            #expect(error.description.contains("did you mean 'lab11'?"))
        }
    }

    @Test func peersAndRowsMustAgreeAndDMustFit() throws {
        let settings = try DaemonSettings(toml: SampleText.correct, file: "h.toml")
        let header = HeaderFacts(hosts: ["lab1", "lab2", "lab4"], largestD: .seconds(1))
        do throws(ConfigError) {
            _ = try settings.engineSettings(header: header)
            Issue.record("lab3 is in no row")
        } catch {
            let said = error.description
            #expect(said.contains("peers.lab3 = \"10.77.0.3:7700\": is in no row"))
            #expect(said.contains("peers.lab4: is missing"))
            #expect(said.contains("timing = profile \"fast\": gives D ="))
        }
    }
}
