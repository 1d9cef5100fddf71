internal import Glibc

/// Something that the lab could not do, as a sentence a person can act on.
public struct LabError: Error, CustomStringConvertible, Sendable {
    /// What happened, to what, with which values, and the next step.
    public let description: String

    /// An error with this sentence.
    public init(_ description: String) {
        self.description = description
    }

    /// An error of the system: what was tried, and the error number (positive or negated).
    public init(_ attempt: String, errorNumber: Int32) {
        let number = errorNumber < 0 ? -errorNumber : errorNumber
        // SAFETY: strerror returns a NUL-terminated text; this process is single-threaded where it is called,
        // and the text is copied at once.
        let text = unsafe String(cString: strerror(number))
        description = "\(attempt): \(text) (errno \(number))"
    }
}
