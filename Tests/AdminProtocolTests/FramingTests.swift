import FoundationEssentials
import Testing

@testable import AdminProtocol

private let peer = AdminPeer(processID: 1, userID: 0)

private func router() -> AdminRouter {
    var router = AdminRouter()
    router.on(FenceCommand.self) { command, _ throws(AdminFailure) in
        guard command.host != "nobody" else { throw AdminFailure(.unknownHost, "no host 'nobody'") }
        return Accepted(message: "\(command.host) by \(command.by ?? "-")")
    }
    return router
}

private func answer(_ line: String) -> String {
    String(decoding: router().answer(line: Data(line.utf8), peer: peer), as: UTF8.self)
}

@Suite struct FramingTests {
    @Test func aRequestIsOneFlatObjectOnOneLine() throws {
        let head = AdminFraming.RequestHead(id: 7, command: FenceCommand.name)
        let request = AdminFraming.OutgoingRequest(
            head: head,
            command: FenceCommand(host: "lab\n2", by: "ann")
        )
        let line = String(decoding: try AdminFraming.line(request), as: UTF8.self)
        #expect(line == #"{"by":"ann","command":"fence","host":"lab\n2","id":7}"# + "\n")
    }

    @Test func aGoodRequestIsAnsweredWithItsIdAndResult() {
        let reply = answer(#"{"id":3,"command":"fence","host":"lab2","by":"ann"}"#)
        #expect(reply == #"{"id":3,"ok":true,"result":{"message":"lab2 by ann"}}"# + "\n")
    }

    @Test func aRefusalCarriesCodeAndSentence() {
        let reply = answer(#"{"id":4,"command":"fence","host":"nobody"}"#)
        #expect(
            reply
                == #"{"error":{"code":"unknown-host","message":"no host 'nobody'"},"id":4,"ok":false}"#
                + "\n"
        )
    }

    @Test(arguments: ["", "garbage", "[]", "{}", #"{"id":"x","command":"fence"}"#, "{\"id\":1", "\u{0}\u{1}"])
    func garbageIsAnsweredAsMalformed(line: String) {
        #expect(answer(line).contains(#""code":"malformed-request""#))
    }

    @Test func anUnknownCommandIsRefusedWithTheKnownOnes() {
        let reply = answer(#"{"id":5,"command":"reboot"}"#)
        #expect(reply.contains("unknown-command"))
        #expect(reply.contains("known: fence"))
        #expect(reply.contains(#""id":5"#))
    }

    @Test func aMissingFieldIsNamed() {
        #expect(answer(#"{"id":6,"command":"fence"}"#).contains("'host' is missing"))
    }

    @Test func linesAreCutOutOfAStreamOfAnyPieces() {
        var buffer = LineBuffer(limitBytes: 100)
        buffer.append(Data("ab".utf8))
        #expect(buffer.nextLine() == nil)
        buffer.append(Data("c\n\nde\nf".utf8))
        #expect(buffer.nextLine() == Data("abc".utf8))
        #expect(buffer.nextLine() == Data())
        #expect(buffer.nextLine() == Data("de".utf8))
        #expect(buffer.nextLine() == nil)
        #expect(!buffer.isOverfull)
        buffer.append(Data(repeating: 0x61, count: 100))
        #expect(buffer.isOverfull)
    }

    @Test func reportsSurviveTheWire() throws {
        var liveset = LivesetReport()
        liveset.hosts = ["lab1", "lab2"]
        liveset.memberNumbers = [0: 3, 1: 9]
        liveset.leaseUntilNanoseconds = 9_007_199_254_740_993
        let read = try JSONDecoder().decode(LivesetReport.self, from: JSONEncoder().encode(liveset))
        #expect(read == liveset)
        var status = StatusReport()
        status.hosts = [HostReport()]
        status.joinObstacle = JoinObstacleReport(obstacle: .noStatefile, hosts: [], sentence: "x")
        #expect(try JSONDecoder().decode(StatusReport.self, from: JSONEncoder().encode(status)) == status)
    }
}
