import AdminProtocol
import LivesetEngine
import PoolModel

/// The line that `systemctl status` shows.
enum ServiceText {
    /// Phase, view, members, master; without figures that change with each turn.
    static func status(_ status: EngineStatus?, hosts: [String], stop: StopStep?) -> String {
        guard let status else { return "starting" }
        func name(_ host: HostIndex) -> String { host.row < hosts.count ? hosts[host.row] : host.description }
        var text = PhaseWord(status.phase).rawValue
        if status.view.epoch != .zero {
            text += ", view \(status.view.epoch) \(PoolStateWord(status.view.state).rawValue)"
            text += ": \(status.view.members.map(name).joined(separator: " "))"
            if let master = status.view.master { text += ", master \(name(master))" }
        }
        if status.watchdog == nil { text += ", disarmed" }
        if let obstacle = status.joinObstacle { text += ", waits: \(JoinObstacleWord(obstacle).rawValue)" }
        switch stop {
        case .refuse: text += "; does not stop while guests run here"
        case .askToLeave, .wait: text += "; is leaving"
        case .exit, nil: break
        }
        return text
    }
}
