import PoolModel

/// What may stand in a blank of a sentence, by the name that templates give it: `{hosts}`, `{span}`.
enum Blank: Equatable, Sendable {
    case host
    case hosts
    case span
    /// A number within these.
    case number(from: UInt64, upTo: UInt64)
    /// `1st`, `2nd`, `3rd`: how many pass is one less.
    case ordinal
    /// `never` or `one in 20`.
    case chance
    /// One of these phrases.
    case choice([String])
    /// Nothing, or `by 70s` and its kin.
    case period
    /// `at the end`, `by 70s`, `from 60s to 90s`.
    case instant

    /// The blank of this name; a template that names another is a bug of its table.
    static func named(_ name: Substring) -> Blank {
        switch name {
        case "host": return .host
        case "hosts": return .hosts
        case "span": return .span
        case "ordinal": return .ordinal
        case "network": return .number(from: 1, upTo: 4)
        case "chance": return .chance
        case "period": return .period
        case "instant": return .instant
        default:
            if name.hasPrefix("number") { return .number(from: 0, upTo: UInt64(name.dropFirst(6)) ?? .max) }
            guard let phrases = Words.phrases(of: String(name)) else {
                preconditionFailure("a template names a blank that exists: \(name)")
            }
            return .choice(phrases)
        }
    }

    /// What is allowed here, for messages.
    var allowed: [String] {
        switch self {
        case .host: ["a host such as lab1"]
        case .hosts: ["hosts such as 'lab1, lab2'", "all"]
        case .span: ["a length such as 60s, 0.5s, 40ms, 3min"]
        case .number(_, .max): ["a number"]
        case .number(let least, let most):
            [least == 0 ? "a number up to \(most)" : "a number from \(least) to \(most)"]
        case .ordinal: ["1st", "2nd", "3rd", "..."]
        case .chance: ["never", "one in NUMBER"]
        case .choice(let phrases): phrases
        case .period: ["by TIME", "before TIME", "after TIME", "between TIME and TIME", "nothing"]
        case .instant: ["at the end", "by TIME", "at TIME", "from TIME to TIME"]
        }
    }

    /// Reads the blank from the front of `words`; moves behind what it took, and on failure as far as it got.
    func read(_ words: inout ArraySlice<Substring>) -> Field? {
        switch self {
        case .host: return Blank.take(&words, HostNames.read).map(Field.host)
        case .hosts: return Blank.readHosts(&words).map(Field.hosts)
        case .span: return Blank.take(&words, SpanText.read).map(Field.span)
        case .number(let least, let most):
            return Blank.take(&words) { word in
                Blank.readNumber(word).flatMap { (least...most).contains($0) ? .number($0) : nil }
            }
        case .ordinal: return Blank.take(&words, Blank.readOrdinal).map(Field.number)
        case .chance: return Blank.readChance(&words).map(Field.number)
        case .choice(let phrases): return Blank.readChoice(&words, phrases).map(Field.phrase)
        case .period: return Blank.readPeriod(&words).map(Field.period)
        case .instant: return Blank.readInstant(&words).map(Field.instant)
        }
    }

    private static func take<Value>(
        _ words: inout ArraySlice<Substring>,
        _ read: (Substring) -> Value?
    ) -> Value? {
        guard let word = words.first, let value = read(word) else { return nil }
        words.removeFirst()
        return value
    }

    private static func skip(_ word: String, _ words: inout ArraySlice<Substring>) -> Bool {
        guard words.first == Substring(word) else { return false }
        words.removeFirst()
        return true
    }

    private static func readNumber(_ word: Substring) -> UInt64? {
        SpanText.isNumber(word) ? UInt64(word) : nil
    }

    private static func readOrdinal(_ word: Substring) -> UInt64? {
        guard word.count > 2, ["st", "nd", "rd", "th"].contains(String(word.suffix(2))) else { return nil }
        guard let number = readNumber(word.dropLast(2)), number > 0, number <= 10_000 else { return nil }
        return number
    }

    /// `lab1, lab2 and lab3`, or `all`; commas are gone by now.
    private static func readHosts(_ words: inout ArraySlice<Substring>) -> HostSet? {
        if skip("all", &words) { return HostNames.all }
        guard let first = take(&words, HostNames.read) else { return nil }
        var set = HostSet(first)
        while let next = words.first {
            if let host = HostNames.read(next) {
                set.insert(host)
                words.removeFirst()
            } else if next == "and", let after = words.dropFirst().first, let host = HostNames.read(after) {
                set.insert(host)
                words.removeFirst(2)
            } else {
                break
            }
        }
        return set
    }

    private static func readChance(_ words: inout ArraySlice<Substring>) -> UInt64? {
        if skip("never", &words) { return 0 }
        guard skip("one", &words), skip("in", &words) else { return nil }
        guard let number = take(&words, readNumber), number > 0, number <= 1_000_000 else { return nil }
        return number
    }

    private static func readChoice(_ words: inout ArraySlice<Substring>, _ phrases: [String]) -> String? {
        var best: (phrase: String, count: Int)?
        for phrase in phrases {
            let parts = phrase.split(separator: " ")
            guard words.starts(with: parts), parts.count > best?.count ?? 0 else { continue }
            best = (phrase, parts.count)
        }
        guard let best else { return nil }
        words.removeFirst(best.count)
        return best.phrase
    }

    private static func readPeriod(_ words: inout ArraySlice<Substring>) -> Period? {
        if words.isEmpty { return .ever }
        if skip("by", &words) { return take(&words, SpanText.read).map(Period.by) }
        if skip("before", &words) { return take(&words, SpanText.read).map(Period.before) }
        if skip("after", &words) { return take(&words, SpanText.read).map(Period.after) }
        guard skip("between", &words), let start = take(&words, SpanText.read), skip("and", &words),
            let end = take(&words, SpanText.read), start <= end
        else { return nil }
        return .between(start, end)
    }

    private static func readInstant(_ words: inout ArraySlice<Substring>) -> Instant? {
        if skip("by", &words) { return take(&words, SpanText.read).map(Instant.by) }
        if skip("at", &words) {
            if skip("the", &words) { return skip("end", &words) ? .end : nil }
            return take(&words, SpanText.read).map(Instant.by)
        }
        guard skip("from", &words), let start = take(&words, SpanText.read), skip("to", &words),
            let end = take(&words, SpanText.read), start <= end
        else { return nil }
        return .throughout(start, end)
    }

    /// Writes a value so that reading it gives the same.
    func write(_ field: Field) -> String {
        switch field {
        case .host(let host): return HostNames.name(host)
        case .hosts(let hosts): return HostNames.list(hosts)
        case .span(let span): return SpanText.write(span)
        case .phrase(let phrase): return phrase
        case .period(let period): return period.text
        case .instant(let instant): return instant.text
        case .number(let number):
            if self == .chance { return number == 0 ? "never" : "one in \(number)" }
            return self == .ordinal ? Blank.ordinal(number) : "\(number)"
        }
    }

    private static func ordinal(_ number: UInt64) -> String {
        if (11...13).contains(number % 100) { return "\(number)th" }
        switch number % 10 {
        case 1: return "\(number)st"
        case 2: return "\(number)nd"
        case 3: return "\(number)rd"
        default: return "\(number)th"
        }
    }
}
