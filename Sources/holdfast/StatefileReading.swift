import ByteFormat
import StatefileMedium
import StatefileTransports

/// Reads statefiles, and tells a failure the way the command line does.
enum StatefileReading {
    /// Everything that it holds now.
    static func dump(
        _ source: StatefileSource,
        authenticator: inout some MessageAuthenticator & ~Copyable
    ) throws(CommandFailure) -> StatefileDump {
        do throws(StatefileError) {
            var device = try source.device(for: StatefileUse(.read, .tool))
            return try StatefileDump.read(&device, authenticator: &authenticator)
        } catch {
            throw CommandFailure(error)
        }
    }

    /// What is off about it, and how fast it is; with `writingAs` that host's slot is written as it stands.
    static func check(
        _ source: StatefileSource,
        roundCount: Int,
        writingAs hostName: String? = nil,
        authenticator: inout some MessageAuthenticator & ~Copyable
    ) throws(CommandFailure) -> StatefileCheckReport {
        do throws(StatefileError) {
            // Whoever writes holds the daemon's lock, and logs in as it does, so that its next login settles
            // this.
            let use = hostName == nil ? StatefileUse(.read, .tool) : StatefileUse(.readWrite, .rounds)
            var device = try source.device(for: use)
            _ = try device.open(until: ToolPatience.deadline)
            let header = try device.readHeader(authenticator: &authenticator, until: ToolPatience.deadline)
            return try StatefileCheck.run(
                &device,
                roundCount: roundCount,
                own: hostName.flatMap { header.host(named: $0) },
                authenticator: &authenticator
            )
        } catch {
            throw CommandFailure(error)
        }
    }
}

extension CommandFailure {
    /// A statefile that cannot be used.
    init(_ error: StatefileError) {
        let status: ExitStatus =
            switch error {
            case .cannotOpen, .noSuchFile: .missing
            case .inUse, .holdsData, .writeFailed, .shortWrite: .notWritten
            case .hostTable: .usage
            case .unusableKind, .noSize, .readFailed, .shortRead, .header, .otherGeneration, .geometry:
                .badData
            case .transport(let trouble): ExitStatus(trouble.sort)
            case .formerProcess, .closed: .missing
            }
        self.init(status, "\(error)")
    }
}

extension ExitStatus {
    /// What a trouble of a transport ends with.
    fileprivate init(_ sort: TransportTroubleSort) {
        switch sort {
        case .unreachable, .refused: self = .missing
        case .failed: self = .badData
        }
    }
}
