import ByteFormat
import StatefileBlock

/// Reads statefiles, and tells a failure the way the command line does.
enum StatefileReading {
    /// Everything that it holds now.
    static func dump(
        _ path: String,
        authenticator: inout some MessageAuthenticator & ~Copyable
    ) throws(CommandFailure) -> StatefileDump {
        do throws(StatefileError) {
            return try StatefileDump.read(path, authenticator: &authenticator)
        } catch {
            throw CommandFailure(error)
        }
    }

    /// What is off about it, and how fast it is.
    static func check(
        _ path: String,
        readCount: Int,
        authenticator: inout some MessageAuthenticator & ~Copyable
    ) throws(CommandFailure) -> StatefileCheckReport {
        do throws(StatefileError) {
            return try StatefileCheck.run(path, readCount: readCount, authenticator: &authenticator)
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
            }
        self.init(status, "\(error)")
    }
}
