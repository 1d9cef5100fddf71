import LinuxPlatform
import StatefileMedium
import Testing

@testable import StatefileISCSI

@Suite("What a unit says of itself")
struct WordsOfUnitsTests {
    @Test("a capacity is counted in blocks, from the last one's number")
    func capacity() {
        var unit = UnitFacts()
        let isTaken = unit.takeCapacity(
            [0, 0, 0, 0, 0, 0, 0x1F, 0xFF, 0, 0, 2, 0] + [UInt8](repeating: 0, count: 20)
        )
        #expect(isTaken)
        #expect(unit.blockBytes == 512)
        #expect(unit.byteCount == 4 << 20)
        let isShortTaken = unit.takeCapacity([0, 0, 0, 0])
        #expect(!isShortTaken)
    }

    @Test("a capacity that cannot be is no trap")
    func absurdCapacity() {
        var unit = UnitFacts()
        _ = unit.takeCapacity([UInt8](repeating: 0xFF, count: 32))
        #expect(unit.blockCount == 0)
    }

    @Test("the mode header tells write protection and FUA")
    func modes() {
        var unit = UnitFacts()
        unit.takeModes([3, 0, 0x90, 0])
        #expect(unit.isWriteProtected && unit.hasFUA)
        unit.takeModes([3, 0, 0, 0])
        #expect(!unit.isWriteProtected && !unit.hasFUA)
    }

    @Test("designators of the unit count, those of the port do not, and their order does not matter")
    func identity() {
        let naa: [UInt8] = [0x01, 0x03, 0, 4, 0x60, 1, 2, 3]
        let vendor: [UInt8] = [0x02, 0x01, 0, 3, 65, 66, 67]
        let port: [UInt8] = [0x01, 0x14, 0, 4, 0, 0, 0, 9]
        func identity(_ parts: [[UInt8]]) -> UnitIdentity {
            var identity = UnitIdentity()
            let body = parts.flatMap { $0 }
            identity.takeDesignators([0, 0x83, 0, UInt8(body.count)] + body)
            return identity
        }
        #expect(identity([naa, vendor, port]) == identity([vendor, naa]))
        #expect(identity([naa]) != identity([vendor]))
        #expect(identity([naa]).isKnown)
        #expect(!identity([port]).isKnown)
    }

    @Test("a serial number is taken, and a page that is cut short is no trap")
    func serial() {
        var identity = UnitIdentity()
        identity.takeSerial([0, 0x80, 0, 4] + Array("  A1".utf8))
        #expect(identity.description == "serial A1")
        identity.takeSerial([0, 0x80, 0, 200, 66])
        identity.takeDesignators([0, 0x83, 0, 20, 1, 3, 0, 16, 1, 2])
        #expect(identity.serial == [66])
        #expect(identity.names.isEmpty)
    }

    @Test(
        "sense data say what to do next",
        arguments: [
            (SenseData(key: 6, code: 0x29, qualifier: 0), SenseData.Verdict.anew),
            (SenseData(key: 6, code: 0x3F, qualifier: 0x0E), .anew),
            (SenseData(key: 6, code: 0x2A, qualifier: 0x09), .anew),
            (SenseData(key: 6, code: 0x2A, qualifier: 0x03), .again),
            (SenseData(key: 0xB, code: 0x47, qualifier: 0), .again),
            (SenseData(key: 2, code: 0x04, qualifier: 0x0B), .path),
            (SenseData(key: 5, code: 0x25, qualifier: 0), .noUnit),
            (SenseData(key: 5, code: 0x24, qualifier: 0), .unsupported),
            (SenseData(key: 7, code: 0x27, qualifier: 0), .writeProtected),
            (SenseData(key: 3, code: 0x11, qualifier: 0), .failed),
        ]
    )
    func sense(data: SenseData, verdict: SenseData.Verdict) { #expect(data.verdict == verdict) }
}

@Suite("As whom a host logs in")
struct LoginTests {
    private func login(_ purpose: UInt16?) -> ISCSILogin {
        ISCSILogin(initiatorName: "iqn.2026-01.invalid.holdfast:a", secrets: nil, purpose: purpose)
    }

    @Test("a session's name is the same in every run, and another for each purpose and portal")
    func sessionNames() throws {
        let first = try #require(SocketAddress("10.0.0.1:3260", defaultPort: 0))
        let second = try #require(SocketAddress("10.0.0.2:3260", defaultPort: 0))
        #expect(login(1).sessionID(portal: first) == login(1).sessionID(portal: first))
        #expect(login(1).sessionID(portal: first) != login(2).sessionID(portal: first))
        #expect(login(1).sessionID(portal: first) != login(1).sessionID(portal: second))
        #expect(login(nil).sessionID(portal: first) != login(nil).sessionID(portal: first))
        // A golden value: a change would leave the sessions of a former version alive.
        #expect(login(1).sessionID(portal: first).random == 0x06_236B)
    }

    @Test("a derived name holds what a name of iSCSI can hold")
    func derivedNames() {
        #expect(InitiatorName.derived(from: "Lab 1_ä") == "iqn.2026-01.invalid.holdfast:lab-1--")
        #expect(ISCSIAddress.isName(InitiatorName.derived(from: "Lab 1_ä")))
        #expect(
            InitiatorName.parse("## x\nInitiatorName=iqn.1993-08.org.debian:01:ab \n")
                == "iqn.1993-08.org.debian:01:ab"
        )
        #expect(InitiatorName.parse("InitiatorName=\n") == nil)
    }

    @Test("a file of secrets is read, and never shown")
    func secrets() throws {
        let text =
            "# of the array\nuser pool\nsecret abcdefghijkl\ntarget-user array\ntarget-secret mnopqrstuvwx\n"
        let secrets = try CHAPSecrets(text: text, urlUser: "pool", path: "/x")
        #expect(secrets.user == "pool")
        #expect(secrets.target == CHAPSecrets.Pair(user: "array", secret: "mnopqrstuvwx"))
        var dumped = ""
        dump(secrets, to: &dumped)
        #expect(!"\(secrets)\(dumped)\(String(reflecting: secrets))".contains("abcdefghijkl"))
    }

    @Test(
        "what is wrong with a file of secrets is said without them",
        arguments: [
            ("secret abcdefghijkl", "no line 'user"), ("user pool", "no line 'secret"),
            ("user pool\nsecret short", "a secret of 5 bytes"),
            ("user pool\nsecret", "a line without a value"),
            ("user pool\nsecret abcdefghijkl\npassword x", "begins with none of"),
            ("user pool\nsecret abcdefghijkl\ntarget-user x", "mutual CHAP needs both"),
            ("user pool\nsecret abcdefghijkl\ntarget-user x\ntarget-secret abcdefghijkl", "the same secret"),
        ]
    )
    func badSecrets(text: String, problem: String) {
        let error = #expect(throws: CHAPFileError.self) {
            try CHAPSecrets(text: text, urlUser: nil, path: "/etc/chap")
        }
        #expect(error?.description.contains(problem) == true)
        #expect(error?.description.contains("/etc/chap") == true)
        #expect(error?.description.contains("abcdefghijkl") == false)
    }

    @Test("a file of secrets that others can read is refused")
    func readableSecrets() throws {
        let path = "/tmp/holdfast-chap-\(KernelRandom.bits64())"
        let file = try Descriptor.open(path, [.write, .create, .exclusive], permissions: 0o644)
        _ = consume file
        defer { _ = try? ChildProcess.start("/bin/rm", [path]) }
        let error = #expect(throws: CHAPFileError.self) { try CHAPSecrets(contentsOf: path, urlUser: nil) }
        #expect(error?.description.contains("chmod 600") == true)
    }
}
