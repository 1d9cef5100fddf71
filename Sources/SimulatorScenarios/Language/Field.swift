import PoolModel

/// A value that fills a blank of a sentence.
enum Field: Equatable, Sendable {
    case host(HostIndex)
    case hosts(HostSet)
    case span(TimeSpan)
    case number(UInt64)
    /// One of a vocabulary's phrases.
    case phrase(String)
    case period(Period)
    case instant(Instant)
}

/// The values of a sentence's blanks, in their order.
///
/// Asking for another kind than the template has at that place is a bug of a table of sentences.
struct Fields: Sendable {
    let values: [Field]

    init(_ values: [Field]) { self.values = values }

    func host(_ place: Int) -> HostIndex {
        guard case .host(let value) = values[place] else { preconditionFailure("the blank holds a host") }
        return value
    }

    func hosts(_ place: Int) -> HostSet {
        guard case .hosts(let value) = values[place] else { preconditionFailure("the blank holds hosts") }
        return value
    }

    func span(_ place: Int) -> TimeSpan {
        guard case .span(let value) = values[place] else { preconditionFailure("the blank holds a length") }
        return value
    }

    func number(_ place: Int) -> Int { Int(clamping: wide(place)) }

    func wide(_ place: Int) -> UInt64 {
        guard case .number(let value) = values[place] else { preconditionFailure("the blank holds a number") }
        return value
    }

    func value<Value>(_ place: Int, _ words: Vocabulary<Value>) -> Value {
        guard case .phrase(let phrase) = values[place], let value = words.value(of: phrase) else {
            preconditionFailure("the blank holds a phrase of its vocabulary")
        }
        return value
    }

    func isYes(_ place: Int) -> Bool { value(place, Words.yesNo) }

    func period(_ place: Int) -> Period {
        guard case .period(let value) = values[place] else { preconditionFailure("the blank holds a period") }
        return value
    }

    func instant(_ place: Int) -> Instant {
        guard case .instant(let value) = values[place] else {
            preconditionFailure("the blank holds an instant")
        }
        return value
    }
}
