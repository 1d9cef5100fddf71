import PoolModel

/// One form of a sentence: its words and blanks, and what it means.
///
/// The parser, the printer, the messages and the manual all live on the same tables of these.
struct Sentence<Meaning>: Sendable {
    /// A piece of a template.
    enum Piece: Sendable {
        /// One of these words; the second is the plural, written where more than one host was named before.
        case words([Substring])
        case blank(Blank)
    }

    /// As it is told to people: `cut storage of {hosts}`.
    let template: String
    let pieces: [Piece]
    let read: @Sendable (Fields) -> Meaning
    let write: @Sendable (Meaning) -> [Field]?

    /// The sentence `template`; `write` gives nil for what another sentence says.
    init(
        _ template: String,
        read: @escaping @Sendable (Fields) -> Meaning,
        write: @escaping @Sendable (Meaning) -> [Field]?
    ) {
        self.template = template
        self.read = read
        self.write = write
        pieces = template.split(separator: " ").map { word in
            guard word.hasPrefix("{") else {
                return .words(word.split(separator: "|"))
            }
            return .blank(Blank.named(word.dropFirst().dropLast()))
        }
    }

    /// Tries the sentence on `words`: its meaning, or how far it got and what it would have liked there.
    func match(_ words: ArraySlice<Substring>) -> Match<Meaning> {
        var rest = words
        var fields: [Field] = []
        for piece in pieces {
            switch piece {
            case .words(let forms):
                let plain = forms.map { $0.hasSuffix(",") ? $0.dropLast() : $0 }
                guard let word = rest.first, plain.contains(word) else {
                    return .failed(at: rest.startIndex, allowed: plain.map { "'\($0)'" })
                }
                rest.removeFirst()
            case .blank(let blank):
                guard let field = blank.read(&rest) else {
                    return .failed(at: rest.startIndex, allowed: blank.allowed)
                }
                fields.append(field)
            }
        }
        guard rest.isEmpty else { return .failed(at: rest.startIndex, allowed: ["the end of the line"]) }
        return .read(read(Fields(fields)))
    }

    /// The words for `meaning`; nil when another sentence says it.
    func text(of meaning: Meaning) -> String? {
        guard let fields = write(meaning) else { return nil }
        var parts: [String] = []
        var next = 0
        var isPlural = false
        for piece in pieces {
            switch piece {
            case .words(let forms):
                let form = isPlural && forms.count > 1 ? forms[1] : forms[0]
                parts.append(String(form))
            case .blank(let blank):
                if case .hosts(let hosts) = fields[next] { isPlural = hosts.count > 1 }
                let text = blank.write(fields[next])
                if !text.isEmpty { parts.append(text) }
                next += 1
            }
        }
        return parts.joined(separator: " ")
    }
}

/// What trying a sentence on words gives.
enum Match<Meaning> {
    case read(Meaning)
    case failed(at: Int, allowed: [String])
}

/// What went wrong with the words of a line, before file and line are known.
struct Misread: Error, Equatable {
    /// The place of the word in the line; the count of words when the line is too short.
    var place: Int
    /// What would have been understood there.
    var allowed: [String]
}

/// A table of sentences.
struct Sentences<Meaning>: Sendable {
    let table: [Sentence<Meaning>]

    init(_ table: [Sentence<Meaning>]) { self.table = table }

    /// What `words` mean; else the furthest that any sentence got.
    func read(_ words: ArraySlice<Substring>) throws(Misread) -> Meaning {
        var furthest = Misread(place: words.startIndex, allowed: [])
        for sentence in table {
            switch sentence.match(words) {
            case .read(let meaning): return meaning
            case .failed(let place, let allowed):
                if place > furthest.place { furthest = Misread(place: place, allowed: []) }
                guard place == furthest.place else { continue }
                for word in allowed where !furthest.allowed.contains(word) { furthest.allowed.append(word) }
            }
        }
        throw furthest
    }

    /// The sentence that says `meaning`; a meaning without one is a bug of the table.
    func text(of meaning: Meaning) -> String {
        for sentence in table {
            if let text = sentence.text(of: meaning) { return text }
        }
        preconditionFailure("every meaning has a sentence")
    }

    /// The forms, for the manual.
    var templates: [String] { table.map(\.template) }
}
