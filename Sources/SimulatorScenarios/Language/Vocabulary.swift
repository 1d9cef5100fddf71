/// A closed set of phrases, each with the value that it stands for.
struct Vocabulary<Value: Equatable & Sendable>: Sendable {
    /// The phrases and their values; the order is the one in which messages list them.
    let pairs: [(phrase: String, value: Value)]

    init(_ pairs: [(String, Value)]) { self.pairs = pairs.map { (phrase: $0.0, value: $0.1) } }

    /// The phrases alone.
    var phrases: [String] { pairs.map(\.phrase) }

    /// The phrase for a value; every value that a scenario can hold has one.
    func phrase(for value: Value) -> String {
        guard let pair = pairs.first(where: { $0.value == value }) else {
            preconditionFailure("every value of a vocabulary has a phrase")
        }
        return pair.phrase
    }

    /// The value of a phrase; nil when it is none of the vocabulary.
    func value(of phrase: String) -> Value? { pairs.first { $0.phrase == phrase }?.value }
}
