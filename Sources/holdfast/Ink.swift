/// The pen for text that a person reads: colours on a terminal, plain text elsewhere.
struct Ink {
    /// Whether escape sequences are written.
    let isColoured: Bool

    private func paint(_ code: String, _ text: String) -> String {
        isColoured && !text.isEmpty ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
    }

    /// All is well.
    func good(_ text: String) -> String { paint("32", text) }
    /// Protection may soon be reduced.
    func warning(_ text: String) -> String { paint("33", text) }
    /// Protection is reduced.
    func bad(_ text: String) -> String { paint("31", text) }
    /// What to look at first.
    func strong(_ text: String) -> String { paint("1", text) }
    /// What to look at last.
    func faint(_ text: String) -> String { paint("2", text) }
    /// Good or bad.
    func verdict(_ isGood: Bool, _ text: String) -> String { isGood ? good(text) : bad(text) }
}
