internal import LabPlatform

/// The control connection to one emulator (QEMU Machine Protocol: one JSON object a line).
final class QemuMonitor {
    private let connection: LineConnection

    /// Connects to the emulator's socket and opens the conversation.
    init(path: String) throws(LabError) {
        connection = try LineConnection(path: path)
        send("qmp_capabilities")
    }

    /// For poll.
    var number: Int32 { connection.number }
    /// The emulator is gone.
    var isClosed: Bool { connection.isClosed }

    private struct Message: Decodable {
        var event: String?
    }

    /// Has it do something without arguments: `system_reset`, `stop`, `cont`, `quit`.
    func send(_ command: String) {
        connection.send("{\"execute\":\"\(command)\"}")
    }

    /// Pulls or plugs the network cable.
    func setLink(isUp: Bool) {
        connection.send("{\"execute\":\"set_link\",\"arguments\":{\"name\":\"net0\",\"up\":\(isUp)}}")
    }

    /// What it told; call it when poll says that there is something.
    func receive() -> [VMHappening.Kind] {
        connection.receive().compactMap { line in
            guard let message = try? LabJSON.decode(Message.self, from: line) else { return nil }
            switch message.event {
            case "RESET": return .reset
            case "WATCHDOG": return .watchdogCard
            case "SHUTDOWN": return .off
            default: return nil
            }
        }
    }
}
