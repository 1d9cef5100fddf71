import AdminProtocol
import ArgumentParser

/// `holdfast host`: what an operator does about one host.
struct Host: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Take hosts out of the liveset, and say what is known about dead ones.",
        subcommands: [
            HostFence.self, HostLeave.self, HostStay.self, HostConfirmDead.self, HostConfirmOff.self,
            HostClearHoldOut.self, HostEmergencyDisable.self,
        ]
    )
}

/// A command that the daemon answers with one sentence.
protocol DaemonOrder: ParsableCommand {
    var connection: Connection { get }
    var output: Output { get }
}

extension DaemonOrder {
    /// Sends the order and shows the sentence that says what happens now.
    func order<Command: AdminCommand>(_ command: Command) throws where Command.Reply == Accepted {
        let reply = try connection.ask(.daemon, command)
        try output.show(reply) { _ in reply.message }
    }
}
