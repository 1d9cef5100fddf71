import Logging
import Synchronization
import Testing

@testable import JournalLog

private func line(_ text: String, fields: [String: String] = [:]) -> LogLine {
    LogLine(priority: 5, level: "notice", message: text, fields: fields, wallNanoseconds: 0)
}

private final class Written: Sendable {
    let text = Mutex("")
}

private func drained(_ queue: LogQueue) -> String {
    let written = Written()
    let writer = LogWriter(
        queue: queue,
        destination: .console { text in written.text.withLock { $0 += text } }
    )
    _ = writer.drain()
    return written.text.withLock { $0 }
}

@Suite struct QueueTests {
    @Test func aFullQueueDropsTheOldestAndTellsHowMany() {
        let queue = LogQueue(capacity: 3) {}
        for number in 1...5 { queue.push(line("line \(number)")) }
        let text = drained(queue)
        #expect(text.contains("2 log lines were lost"))
        #expect(!text.contains("line 2"))
        #expect(text.contains("line 3"))
        #expect(text.contains("line 5"))
    }

    @Test func repeatedLinesAreCountedInsteadOfWritten() {
        let queue = LogQueue {}
        for _ in 1...4 { queue.push(line("same")) }
        queue.push(line("other"))
        let lines = drained(queue).split(separator: "\n")
        #expect(lines.count == 3)
        #expect(lines[1].hasSuffix("the line before came 3 more times"))
    }

    @Test func aClosedQueueEndsTheWriterAfterTheLastLine() {
        let queue = LogQueue {}
        queue.push(line("last"))
        queue.close()
        let writer = LogWriter(queue: queue, destination: .console { _ in })
        #expect(!writer.drain())
    }

    @Test func theJournalGetsFieldsAndNoLineBreaks() {
        let written = line(
            "two\nlines\u{7f}",
            fields: ["EPOCH": "3\nX=1", "bad-name": "x", "_FORGED": "x", "9": "x"]
        )
        #expect(
            written.journalDatagram(identifier: "holdfastd")
                == "MESSAGE=two lines \nPRIORITY=5\nSYSLOG_IDENTIFIER=holdfastd\nEPOCH=3 X=1\n"
        )
    }

    @Test func longTextIsCut() {
        #expect(line(String(repeating: "x", count: 5000)).message.count == LogLine.messageLimit)
    }

    @Test(arguments: [
        (0, "1970-01-01T00:00:00.000Z"), (951_827_696_789, "2000-02-29T12:34:56.789Z"),
        (1_798_761_599_999, "2026-12-31T23:59:59.999Z"),
    ])
    func theConsoleShowsUTC(milliseconds: Int64, expected: String) {
        #expect(LogLine.timestamp(milliseconds * 1_000_000) == expected)
    }

    @Test func aLoggerWritesThroughTheQueue() {
        let queue = LogQueue {}
        var logger = Logger(label: "test") { JournalHandler(label: $0, queue: queue, wallClock: { 0 }) }
        logger[metadataKey: "boot-id"] = "7"
        logger.info("hello")
        logger.debug("unheard")
        #expect(drained(queue) == "1970-01-01T00:00:00.000Z info hello\n")
        logger.error("again")
        guard case .line(let line) = queue.next() else {
            Issue.record("the line is gone")
            return
        }
        #expect(line.fields["BOOT_ID"] == "7")
        #expect(line.fields["LOGGER"] == "test")
        #expect(line.priority == 3)
    }
}
