import PoolModel

extension Scenario {
    /// The text of the scenario; reading it gives the same scenario.
    public var text: String {
        var lines = title.isEmpty ? [] : ["# \(title)"]
        lines.append(LineSentences.all.text(of: .hosts(hosts)))
        lines.append(LineSentences.all.text(of: .timing(timing)))
        lines.append(LineSentences.all.text(of: .seed(seed)))
        lines += settings.map(Setting.sentences.text)
        lines += acts.map { "at \(SpanText.write($0.time)) \(ActSentences.all.text(of: $0.act))" }
        lines.append(LineSentences.all.text(of: .ending(ending)))
        lines += expectations.map { "expect \($0.text)" }
        lines += xhad.map { "xhad: \($0)" } + why.map { "why: \($0)" }
        if let found {
            let hash = String(found.traceHash, radix: 16)
            lines.append("found \(found.broke) at \(SpanText.write(found.time)) trace \(hash)")
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// Every form of a sentence that a scenario may hold, by where it stands; for the manual.
    public static var language: [(place: String, sentences: [String])] {
        [
            ("a line", LineSentences.all.templates),
            ("after 'at TIME'", ActSentences.all.templates),
            ("after 'expect'", ExpectationSentences.all.templates),
        ].map { place, templates in (place, templates.map(Scenario.readable)) }
    }

    /// The whole language, one form of a sentence a line.
    public static var manual: String {
        language.map { place, sentences in
            "\(place):\n" + sentences.map { "  \($0)\n" }.joined()
        }.joined(separator: "\n")
    }

    /// A template with the phrases of its choices in place of their names.
    private static func readable(_ template: String) -> String {
        template.split(separator: " ").map { word in
            guard word.hasPrefix("{") else { return String(word) }
            switch Blank.named(word.dropFirst().dropLast()) {
            case .choice(let phrases): return "(" + phrases.joined(separator: " | ") + ")"
            case .number: return "NUMBER"
            case .host: return "HOST"
            case .hosts: return "HOSTS"
            case .span: return "LENGTH"
            case .ordinal: return "1st"
            case .chance: return "(never | one in NUMBER)"
            case .period: return "[by | before | after TIME]"
            case .instant: return "(at the end | by TIME | from TIME to TIME)"
            }
        }.joined(separator: " ")
    }
}
