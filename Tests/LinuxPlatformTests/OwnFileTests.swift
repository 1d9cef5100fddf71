import LinuxPlatform
import PoolModel
import Testing

/// What a crash at any moment of a write can leave behind is made by hand here.
@Suite struct OwnFileTests {
    private let directory = TemporaryDirectory()
    private var file: OwnFile { OwnFile(directory: directory.path, name: "own", kind: "test 1") }

    @Test func isNothingBeforeItsFirstWrite() throws {
        #expect(try file.read() == nil)
    }

    @Test func givesBackWhatWasWrittenLast() throws {
        try file.write([("a", "1"), ("text", "with spaces = and more")])
        try file.write([("a", "2"), ("text", "with spaces = and more")])
        #expect(try file.read() == ["a": "2", "text": "with spaces = and more"])
        #expect(directory.names() == ["own"])
    }

    @Test func aLeftoverOfAnInterruptedWriteChangesNothing() throws {
        try file.write([("a", "1")])
        try directory.write("test 1\na = 2\ncrc3", to: ".own.new")
        #expect(try file.read() == ["a": "1"])
        try file.write([("a", "3")])
        #expect(try file.read() == ["a": "3"])
        #expect(directory.names() == ["own"])
    }

    @Test func everyCutOffFileIsDamaged() throws {
        try file.write([("a", "1"), ("b", "2")])
        let text = try directory.text(of: "own")
        for length in 0..<text.utf8.count - 1 {
            try directory.write(String(text.prefix(length)), to: "own")
            #expect(throws: OwnFileError.self) { try file.read() }
        }
    }

    @Test func everyFlippedBitIsFound() throws {
        try file.write([("a", "1"), ("b", "2")])
        let text = Array(try directory.text(of: "own").utf8)
        for index in text.indices where index < text.count - 1 {
            var damaged = text
            damaged[index] ^= 1
            try directory.write(String(decoding: damaged, as: UTF8.self), to: "own")
            #expect(throws: OwnFileError.self, "byte \(index)") { try file.read() }
        }
    }

    @Test func anotherKindOfFileIsRefused() throws {
        try OwnFile(directory: directory.path, name: "own", kind: "other 1").write([("a", "1")])
        #expect(throws: OwnFileError.self) { try file.read() }
    }

    @Test func aDirectoryThatIsNotThereIsAnErrorThatNamesIt() throws {
        let file = OwnFile(directory: "/nonexistent-holdfast", name: "own", kind: "test 1")
        #expect(try file.read() == nil)
        let error = #expect(throws: OwnFileError.self) { try file.write([("a", "1")]) }
        #expect(error?.description.contains("/nonexistent-holdfast") == true)
    }
}

@Suite struct IncarnationFileTests {
    private let directory = TemporaryDirectory()

    @Test(arguments: [IncarnationMark.taken, .held, .spent])
    func givesBackTheRecord(mark: IncarnationMark) throws {
        let file = IncarnationFile(directory: directory.path)
        #expect(try file.read() == nil)
        let record = PersistedIncarnation(
            boot: BootID(.max - 5),
            number: IncarnationNumber(4_000_000_000),
            mark: mark
        )
        try file.write(record)
        #expect(try file.read() == record)
    }

    @Test func aRecordWithoutMeaningIsDamaged() throws {
        try OwnFile(directory: directory.path, name: "incarnation", kind: "holdfast-incarnation 1")
            .write([("boot", "12"), ("number", "-1"), ("mark", "held")])
        #expect(throws: OwnFileError.self) { try IncarnationFile(directory: directory.path).read() }
    }

    @Test func readsTheKernelsBootID() throws {
        let boot = try #require(BootID(readingFrom: "/proc/sys/kernel/random/boot_id"))
        #expect(boot != .none)
        #expect(boot == BootID(readingFrom: "/proc/sys/kernel/random/boot_id"))
        #expect(BootID(readingFrom: "/proc/version") == nil)
        #expect(BootID(readingFrom: "/nonexistent") == nil)
    }
}
