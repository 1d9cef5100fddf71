import AdminProtocol
import ArgumentParser
import ControlPlane
import Glibc

/// A command that the pool's master carries out, whichever host's manager takes it.
protocol VMRequest: ParsableCommand {
    var waiting: Waiting { get }
    var connection: Connection { get }
    var output: Output { get }
}

/// How long to wait for the master.
struct Waiting: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Seconds to wait for the master; 0 hands the request in and returns.",
            valueName: "seconds"
        )
    )
    var wait = 15.0

    func validate() throws {
        guard wait >= 0, wait <= 3600 else {
            throw ValidationError("--wait \(wait) is not between 0 and 3600 seconds")
        }
    }
}

extension VMRequest {
    /// Hands the request in and waits until the master has taken it.
    func request<Command: AdminCommand>(_ command: Command) throws where Command.Reply == RequestStatus {
        let client = connection.client(of: .manager)
        var status = try client.ask(.manager, command)
        var waited = 0.0
        while status.state == .pending, waited < waiting.wait {
            usleep(200_000)
            waited += 0.2
            status = try client.ask(.manager, VMRequestCommand(id: status.id))
        }
        try output.show(status) { _ in status.message }
        guard status.state == .pending, waiting.wait > 0 else { return }
        throw CommandFailure(
            .timedOut,
            "the request still waits for the master after \(waiting.wait) s and is carried out when there is one. "
                + "'holdfast status' says who is master, 'holdfast vm list' what became of it"
        )
    }
}
