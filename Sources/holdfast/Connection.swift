import AdminProtocol
import ArgumentParser
import FoundationEssentials
import PoolModel

/// Which host's sockets a command talks to.
struct Connection: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Where the sockets of this host are; HOLDFAST_RUN_DIRECTORY says the same. (default: /run/holdfast)",
            valueName: "dir"
        ),
        completion: .directory
    )
    var runDirectory: String?

    @Option(help: ArgumentHelp("How many seconds to wait for an answer.", valueName: "seconds"))
    var timeout = 5.0

    func validate() throws {
        guard timeout > 0, timeout <= 3600 else {
            throw ValidationError("--timeout \(timeout) is not between 0 and 3600 seconds")
        }
    }

    /// The directory of the sockets.
    var directory: String {
        runDirectory ?? ProcessInfo.processInfo.environment["HOLDFAST_RUN_DIRECTORY"] ?? "/run/holdfast"
    }

    /// A client of `server`; it connects with its first call.
    func client(of server: Server) -> AdminClient {
        AdminClient(path: directory + "/" + server.socketName, timeout: .seconds(timeout))
    }

    /// Asks `server` once.
    func ask<Command: AdminCommand>(
        _ server: Server,
        _ command: Command
    ) throws(CommandFailure) -> Command.Reply {
        try client(of: server).ask(server, command)
    }
}

extension AdminClient {
    /// Asks, and tells a failure the way the command line does.
    func ask<Command: AdminCommand>(_ server: Server, _ command: Command) throws(CommandFailure)
        -> Command.Reply
    {
        do {
            return try call(command)
        } catch {
            throw CommandFailure(error, server: server)
        }
    }
}
