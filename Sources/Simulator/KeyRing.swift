import ByteFormat
import RuntimeFakes

/// Takes records under any key that a host of the world was ever given: what is on the disk, whoever can
/// read it.
struct KeyRing: MessageAuthenticator {
    private var keys: [UInt64]

    /// The ring with the key that all hosts have at the start.
    init(_ key: UInt64) { keys = [key] }

    /// A host was given this key.
    mutating func add(_ key: UInt64) {
        if !keys.contains(key) { keys.append(key) }
    }

    mutating func code(of message: Span<UInt8>) -> MessageCode {
        var first = SumAuthenticator(key: keys[0])
        return first.code(of: message)
    }

    mutating func key(making code: MessageCode, of message: Span<UInt8>) -> AuthenticationKey? {
        for key in keys {
            var authenticator = SumAuthenticator(key: key)
            if authenticator.key(making: code, of: message) != nil { return .current }
        }
        return nil
    }
}
