import SimulatorScenarios
import Testing

@Suite("Every expectation can fail, and says what was seen instead")
struct ClaimTests {
    /// What happens: lab3 of three loses power; then lab1 its storage; then lab2 is fenced by the operator.
    private static let story = """
        hosts 3
        seed 1
        machines 6
        at 60s power off lab3
        at 80s power on lab3
        at 100s cut storage of lab1
        at 130s ask lab3 to fence lab2
        run 160s

        """

    private func failures(_ expectation: String) throws -> [Playback.Failure] {
        try Scenario(text: Self.story + "expect " + expectation, file: "story").play().failures
    }

    @Test(
        "true ones hold",
        arguments: [
            "only lab2 fences", "lab2 fences because removed-from-view after 130s",
            "one of lab1, lab2 fences",
            "at most 1 fence", "lab1, lab3 do not fence", "nobody fences before 130s",
            "lab3 is certified through lease-expiry between 70s and 75s", "lab3 is not certified before 70s",
            "lab2 is certified", "nobody is certified before 70s", "lab1 lives on vouches by 103s",
            "no hold begins", "lab2 becomes master between 100s and 106s", "machines of lab3 restart by 75s",
            "machines of lab3 restart on lab1, lab2", "machines of lab3 do not restart before 70s",
            "every machine runs by 59s", "one view of lab1, lab2 and one master by 75s", "whole by 59s",
            "lab1 is master by 59s", "lab3 is not master from 0s to 129s", "no master by 1s",
            "lab1 storage-lost by 102s", "lab2 storage-live by 102s", "all armed by 59s",
            "lab3 disarmed by 70s",
            "lab1 is member at the end",
        ]
    )
    func trueOnesHold(expectation: String) throws {
        #expect(try failures(expectation).map(\.reason) == [])
    }

    @Test(
        "false ones fail",
        arguments: [
            ("nobody fences", "lab2 fenced at"), ("only lab1 fences", "lab2 fenced at"),
            ("lab2 fences because lease-expired", "(removed-from-view)"),
            ("lab2 fences by 120s", "lab2 fenced at"), ("one of lab1, lab3 fences", "lab2 fenced at"),
            ("at most 0 fence", "lab2 fenced at"), ("lab2 does not fence", "lab2 fenced at"),
            ("lab1 is certified", "lab1 was never certified"),
            ("lab3 is certified through operator", "through lease-expiry"),
            ("lab3 is certified by 65s", "first certified at"),
            ("lab3 is not certified", "certified lab3 at"),
            ("nobody is certified", "certified lab3 at"), ("lab2 lives on vouches", "lab2 never said so"),
            ("lab1 lives on all-lost", "lab1 never said so"), ("a hold begins", "no hold began"),
            ("lab3 becomes master by 100s", "it"), ("machines of lab3 restart by 65s", "started again on"),
            ("machines of lab3 restart on lab3", "started again on"),
            ("machines of lab1 restart", "they lost none"),
            ("machines of lab3 do not restart", "started again on"),
            ("every machine runs by 65s", "runs nowhere"), ("whole by 65s", "lab3 is down"),
            ("one view of lab1, lab2 and one master by 59s", "in view"),
            ("lab2 is master by 59s", "lab1 acts as"),
            ("lab1 is not master from 50s to 59s", "lab1 acts as master"),
            ("no master by 59s", "lab1 acts as"),
            ("lab2 storage-lost by 102s", "lab2 is storage-live"),
            ("lab1 storage-live by 102s", "is storage-lost"),
            ("all armed by 65s", "lab3 is disarmed"), ("lab1 disarmed by 59s", "lab1 is armed"),
            ("lab1 is left at the end", "lab1 is member"),
            ("lab1 waits for the statefile at the end", "nothing"),
        ]
    )
    func falseOnesFail(expectation: String, seen: String) throws {
        let failures = try failures(expectation)
        let failure = try #require(failures.first)
        #expect(failures.count == 1)
        #expect(!failure.isPromise)
        #expect(failure.reason.contains("expected \(expectation)"), "\(failure.reason)")
        #expect(failure.reason.contains(seen), "\(failure.reason)")
    }

    @Test("a hold that begins breaks the expectation that none does")
    func holds() throws {
        let text = "hosts 2\nat 60s split lab1 from lab2\nrun 90s\nexpect no hold begins"
        let failure = try #require(try Scenario(text: text, file: "f").play().failures.first)
        #expect(failure.reason.contains("began one at"))
    }
}
