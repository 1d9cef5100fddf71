import CLinux

/// A system call that failed: which, on what, and with which errno.
public struct SystemError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The call, as its manual page is named: `open`.
    public let call: String
    /// What it was about: a path, an address, an interface.
    public let subject: String
    /// The errno value.
    public let code: Int32

    /// The failure of `call` on `subject`.
    public init(call: String, subject: String, code: Int32) {
        self.call = call
        self.subject = subject
        self.code = code
    }

    /// The failure in a result of CLinux, which is -errno.
    init(_ call: String, _ subject: String, result: Int) {
        self.init(call: call, subject: subject, code: Int32(truncatingIfNeeded: -result))
    }

    init(_ call: String, _ subject: String, result: Int32) { self.init(call, subject, result: Int(result)) }

    /// The errno's symbol: `EIO`.
    public var name: String { SystemError.name(of: code) }

    /// The sentence: `open /dev/watchdog: Device or resource busy (EBUSY)`.
    public var description: String { "\(call) \(subject): \(SystemError.text(of: code)) (\(name))" }

    /// The corresponding C function is `strerrorname_np`.
    public static func name(of code: Int32) -> String {
        // The result is a constant string of the C library, or "E?".
        unsafe String(cString: hf_error_name(code))
    }

    /// The corresponding C function is `strerrordesc_np`.
    public static func text(of code: Int32) -> String {
        unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: 128) { text in
            // Writes at most `count` bytes and always ends them with 0.
            unsafe hf_error_text(code, text.baseAddress, text.count)
            return unsafe String(decoding: UnsafeRawBufferPointer(text).prefix { $0 != 0 }, as: UTF8.self)
        }
    }
}
