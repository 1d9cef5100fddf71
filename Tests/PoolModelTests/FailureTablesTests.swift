import Foundation
import PoolModel
import Testing

@Suite("The tables of docs/TIMING.md section 7")
struct FailureTablesTests {
    private static let page: String = {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        return (try? String(contentsOf: root.appending(path: "docs/TIMING.md"), encoding: .utf8)) ?? ""
    }()

    private func hundredths(_ span: TimeSpan) -> String {
        let count = Int((span.inSeconds * 100).rounded())
        return "\(count / 100)." + (count % 100 < 10 ? "0" : "") + "\(count % 100)"
    }

    @Test("say what the code computes", arguments: FailureKind.allCases)
    func tables(kind: FailureKind) {
        let lines = [TimingChoice.conservative, .standard, .fast].map {
            FailureTimeline(kind, timing: Timing($0), roundTime: .milliseconds(25)).steps
        }
        for place in lines[0].indices {
            let cells = lines.map { steps in
                "\(hundredths(steps[place].earliest)) to \(hundredths(steps[place].latest)) s"
            }
            let row =
                "| \(lines[0][place].what) | \(lines[0][place].clause) | \(cells.joined(separator: " | ")) |"
            #expect(Self.page.contains(row), "docs/TIMING.md lacks: \(row)")
        }
    }

    @Test("machines are ordered within D and three rounds; with the fast profile within D + 2 s")
    func bar() throws {
        for choice in [TimingChoice.conservative, .standard, .fast] {
            let timing = Timing(choice)
            for kind in FailureKind.allCases {
                let line = FailureTimeline(kind, timing: timing, roundTime: .milliseconds(25))
                guard let restart = line.restart else { continue }
                let bound = timing.certainlyDead + timing.roundInterval * 3
                #expect(restart.latest <= bound, "\(kind) under \(choice)")
                #expect(choice != .fast || bound <= timing.certainlyDead + .seconds(2))
            }
        }
    }

    @Test("a round longer than the I/O deadline is no good round, so it changes nothing")
    func slowArray() {
        let timing = Timing(.fast)
        let slow = FailureTimeline(.power, timing: timing, roundTime: .seconds(60))
        #expect(slow.steps == FailureTimeline(.power, timing: timing, roundTime: timing.ioDeadline).steps)
    }
}
