/// Why a recording, or a part of it, cannot be used.
public enum FlightDamage: Error, Hashable, Sendable, CustomStringConvertible {
    /// The file does not begin as a recording does.
    case noRecording
    /// The file needs a newer reader.
    case newerFormat(version: Int)
    /// The file ends in the middle.
    case cutShort(wanted: Int, found: Int)
    /// A checksum does not fit.
    case wrongChecksum(String)
    /// A value has no meaning.
    case malformed(String)
    /// The engine's state has another form than this program's: another version wrote it.
    case otherState(written: Int, known: Int)

    /// The sentence.
    public var description: String {
        switch self {
        case .noRecording: "this is no flight recording: it does not begin with 'HFflight'"
        case .newerFormat(let version):
            "the recording needs a newer reader: its format is version \(version), this program reads"
                + " \(FlightFile.version)"
        case .cutShort(let wanted, let found):
            "the recording is cut short: \(wanted) bytes belong to it, \(found) are there"
        case .wrongChecksum(let part): "\(part) is damaged: its checksum does not fit"
        case .malformed(let part): "\(part) has no meaning although its checksum fits"
        case .otherState(let written, let known):
            "the recording is of another version of Holdfast: its engine's state has \(written) words, this"
                + " program's has \(known); replay it with the version that wrote it"
        }
    }
}
