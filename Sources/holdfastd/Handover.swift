import Synchronization

/// Carries one value, which may be noncopyable, into the thread that will own it.
final class Handover<Value: ~Copyable>: Sendable {
    private let value: Mutex<Value?>

    /// A handover of `value`.
    init(_ value: consuming sending Value) { self.value = Mutex(consume value) }

    /// The value; taken once, by its new owner.
    func take() -> sending Value {
        let taken = value.withLock { value -> sending Value? in
            value.take()
        }
        guard let taken else { preconditionFailure("a handover is taken once") }
        return taken
    }
}
