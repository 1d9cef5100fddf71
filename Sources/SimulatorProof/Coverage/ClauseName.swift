public import LivesetEngine

extension Clause {
    /// The clause and the branch as people read them: `VIEW-2a read`, `LEASE-M too few`.
    public var words: String {
        let name = Array("\(self)")
        let family = name.prefix { $0.isLowercase }
        var rest = name.dropFirst(family.count)
        var number = String(rest.prefix { $0.isNumber })
        rest = rest.dropFirst(number.count)
        // A letter that belongs to the clause: `2a` before a capital, or the M of LEASE-M before a capital.
        if let letter = rest.first, rest.count > 1, rest[rest.startIndex + 1].isUppercase,
            number.isEmpty ? letter.isUppercase : letter.isLowercase
        {
            number.append(letter)
            rest = rest.dropFirst()
        }
        let clause = String(family).uppercased() + (number.isEmpty ? "" : "-" + number)
        return clause
            + rest.reduce(into: "") { text, character in
                if character.isUppercase { text += " " }
                text += character.lowercased()
            }
    }
}
