import LabWorld
import Testing

@Suite("The checker finds every moment with two writers, and none where there was none")
struct DoubleWriterCheckTests {
    private func write(
        _ host: String,
        _ counter: UInt64,
        issued: Int64,
        landed: Int64? = nil,
        run: String? = nil,
        path: String? = nil,
        machine: String = "vm-web"
    ) -> LoggedWrite {
        let record = GuestRecord(
            machine: machine,
            host: host,
            boot: "boot-" + host,
            run: run ?? "run-" + host,
            pid: 7,
            counter: counter,
            issued: issued
        )
        return LoggedWrite(
            arrived: issued + 1,
            landed: landed ?? issued + 2,
            path: path ?? host,
            file: "vm-web.disk",
            offset: record.offset,
            record: record
        )
    }

    private func kinds(_ writes: [LoggedWrite]) -> [CheckFinding.Kind] {
        DoubleWriterCheck(writes).findings().map(\.kind)
    }

    @Test("one run after the other is clean")
    func handover() {
        let writes = [
            write("lab1", 1, issued: 100), write("lab1", 2, issued: 200), write("lab2", 3, issued: 300),
            write("lab2", 4, issued: 400),
        ]
        #expect(kinds(writes).isEmpty)
        #expect(DoubleWriterCheck(writes).runs(of: "vm-web").map(\.host) == ["lab1", "lab2"])
    }

    @Test("writers that take turns are caught: A, B, A")
    func interleaved() {
        let writes = [
            write("lab1", 1, issued: 100), write("lab2", 2, issued: 200), write("lab1", 3, issued: 300),
        ]
        #expect(kinds(writes).contains(.twoWriters))
    }

    @Test("one write of the old run in the same nanosecond as the first of the new one is caught")
    func touching() {
        #expect(kinds([write("lab1", 1, issued: 100), write("lab2", 2, issued: 100)]).contains(.twoWriters))
    }

    @Test("two runs on one host are two writers as well, in one boot or two")
    func sameHost() {
        let writes = [
            write("lab1", 1, issued: 100), write("lab1", 2, issued: 200, run: "other"),
            write("lab1", 2, issued: 300),
        ]
        #expect(kinds(writes).contains(.twoWriters))
    }

    @Test("a write of the dead that lands after the new run began is caught")
    func lateLanding() {
        let writes = [
            write("lab1", 1, issued: 100), write("lab1", 2, issued: 150, landed: 400),
            write("lab2", 2, issued: 300),
        ]
        #expect(kinds(writes).contains(.lateLanding))
    }

    @Test("order in the log does not matter")
    func shuffledLog() {
        let writes = [
            write("lab2", 2, issued: 200), write("lab1", 3, issued: 300), write("lab1", 1, issued: 100),
        ]
        #expect(kinds(writes).contains(.twoWriters))
    }

    @Test("one number used by two runs, or a number left out, is caught")
    func counters() {
        #expect(kinds([write("lab1", 5, issued: 100), write("lab2", 5, issued: 200)]) == [.counter])
        #expect(kinds([write("lab1", 5, issued: 100), write("lab1", 7, issued: 200)]) == [.counter])
        #expect(kinds([write("lab1", 5, issued: 100), write("lab1", 5, issued: 200)]).isEmpty)
    }

    @Test("a guest cannot claim to be on another host, or another machine")
    func identity() {
        #expect(kinds([write("lab1", 1, issued: 100, path: "lab2")]) == [.identity])
        #expect(kinds([write("lab1", 1, issued: 100, machine: "vm-db")]) == [.identity])
    }

    @Test("a disk that holds what no service wrote is caught")
    func foreignRecord() {
        let logged = write("lab1", 1, issued: 100)
        let check = DoubleWriterCheck([logged])
        let foreign = write("lab2", 2, issued: 200).record
        #expect(check.compare(disk: [logged.record], of: "vm-web", takenAt: 300).isEmpty)
        #expect(
            check.compare(disk: [logged.record, foreign], of: "vm-web", takenAt: 300).map(\.kind) == [.disk]
        )
        #expect(check.compare(disk: [], of: "vm-web", takenAt: 300).map(\.kind) == [.disk])
        #expect(check.compare(disk: [], of: "vm-web", takenAt: 101).isEmpty)
    }

    @Test("a record and a line of the log read back as written")
    func texts() throws {
        let write = write("lab1", 1025, issued: 100)
        #expect(write.record.offset == 512)
        #expect(write.record.bytes.count == 512)
        #expect(GuestRecord.all(on: write.record.bytes + [UInt8](repeating: 0, count: 512)) == [write.record])
        let line = "\(write.arrived) \(write.landed) lab1 vm-web.disk 512 \(write.record.text)"
        #expect(LoggedWrite(line: line[...]) == write)
        #expect(LoggedWrite(line: "1 2 lab1 vm-web.disk") == nil)
        #expect(GuestRecord(text: "holdfast-guest/1 machine=a") == nil)
    }
}
