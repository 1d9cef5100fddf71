import FoundationEssentials
import Testing

@testable import DaemonConfig

private let key = "00112233445566778899aabbccddeeff00112233445566778899AABBCCDDEEFF"
private let other = "ff112233445566778899aabbccddeeff00112233445566778899aabbccddee00"

@Suite struct PoolKeysTests {
    @Test func oneKeyOrTwoAreRead() throws {
        let one = try PoolKeys(text: key + "\n")
        #expect(one.current.count == 32)
        #expect(one.current[1] == 0x11)
        #expect(one.previous == nil)
        let two = try PoolKeys(text: "  \(key)\r\n\n\(other)")
        #expect(two.current == one.current)
        #expect(two.previous?.first == 0xff)
    }

    @Test(arguments: [
        ("", "holds no key"),
        ("abc\n", "line 1: must be a key of 64 hex digits (32 bytes), not 3 characters"),
        (key + "\n" + key, "the same key"), (key + "\n" + other + "\n" + key, "at most two"),
        (String(repeating: "0", count: 64), "no random key"),
        (String(repeating: "g", count: 64), "64 hex digits"),
    ])
    func aBrokenKeyIsRefusedWithoutShowingIt(text: String, expected: String) {
        do throws(ConfigMistake) {
            _ = try PoolKeys(text: text)
            Issue.record("must be refused")
        } catch {
            #expect(error.description.contains(expected), "\(error)")
            #expect(!error.description.contains("gggg"))
        }
    }

    @Test func aKeyFileIsForItsOwnerOnly() {
        #expect(KeyFileAccess(isRegular: true, mode: 0o600, owner: 0).objection(effectiveUser: 0) == nil)
        #expect(
            KeyFileAccess(isRegular: true, mode: 0o400, owner: 1000).objection(effectiveUser: 1000) == nil
        )
        let open = KeyFileAccess(isRegular: true, mode: 0o640, owner: 0).objection(effectiveUser: 0)
        #expect(open?.contains("has mode 640") == true)
        #expect(open?.contains("chmod 600") == true)
        let foreign = KeyFileAccess(isRegular: true, mode: 0o600, owner: 1001).objection(effectiveUser: 0)
        #expect(foreign?.contains("belongs to user 1001") == true)
        #expect(KeyFileAccess(isRegular: false, mode: 0o600, owner: 0).objection(effectiveUser: 0) != nil)
    }

    @Test func theFileItselfIsCheckedBeforeItIsUsed() throws {
        let path = "/tmp/hf-key-\(UInt32.random(in: 0 ... .max))"
        defer { try? FileManager.default.removeItem(atPath: path) }
        #expect(throws: ConfigError.self) { try PoolKeys(contentsOf: path) }
        try Data((key + "\n").utf8).write(to: URL(filePath: path))
        try FileManager.default.setAttributes([.posixPermissions: UInt(0o644)], ofItemAtPath: path)
        #expect(throws: ConfigError.self) { try PoolKeys(contentsOf: path) }
        try FileManager.default.setAttributes([.posixPermissions: UInt(0o600)], ofItemAtPath: path)
        #expect(try PoolKeys(contentsOf: path).current.count == 32)
    }

    @Test func keysDoNotShowThemselves() throws {
        #expect("\(try PoolKeys(text: key))" == "1 key")
    }
}
