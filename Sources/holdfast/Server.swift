/// The two programs of a host that answer the command line.
enum Server: String {
    case daemon = "holdfastd"
    case manager = "holdfast-manager"

    /// The name of its systemd unit.
    var unit: String { rawValue }

    /// The name of its socket in the run directory.
    var socketName: String {
        switch self {
        case .daemon: "holdfastd.sock"
        case .manager: "manager.sock"
        }
    }

    /// What it means that nobody listens, and what to do.
    func unreachable(path: String, reason: String) -> String {
        let consequence =
            switch self {
            case .daemon:
                "While it does not run, this host is in no liveset and its guests are not protected."
            case .manager: "While it does not run, no machine is restarted or placed by this host."
            }
        return """
            \(rawValue) does not answer at \(path) (\(reason)). \(consequence)
            Start it with 'systemctl start \(unit)' and read 'journalctl -u \(unit) -e'. If it runs with another
            run-directory, name that one: --run-directory DIR, or HOLDFAST_RUN_DIRECTORY=DIR.
            """
    }
}
