/// The code of a Swift file without its comments and without the insides of its string literals.
///
/// Lines stay where they are, so that a finding can name its line. Code in an interpolation counts as text.
struct CodeText {
    private var input: ArraySlice<UInt8>
    private var output: [UInt8] = []

    /// The stripped text of `source`.
    static func of(_ source: String) -> String {
        var scanner = CodeText(input: Array(source.utf8)[...])
        scanner.scan()
        return String(decoding: scanner.output, as: UTF8.self)
    }

    private init(input: ArraySlice<UInt8>) { self.input = input }

    private func starts(with text: String) -> Bool { input.starts(with: text.utf8) }

    private mutating func keep() { output.append(input.removeFirst()) }

    private mutating func drop(_ count: Int) {
        for byte in input.prefix(count) where byte == UInt8(ascii: "\n") { output.append(byte) }
        input = input.dropFirst(count)
    }

    private mutating func scan() {
        while let byte = input.first {
            switch byte {
            case UInt8(ascii: "/") where starts(with: "//"): dropLine()
            case UInt8(ascii: "/") where starts(with: "/*"): dropBlock()
            case UInt8(ascii: "\""): dropString(hashes: 0)
            case UInt8(ascii: "#"):
                let hashes = input.prefix { $0 == UInt8(ascii: "#") }.count
                if input.dropFirst(hashes).first == UInt8(ascii: "\"") {
                    drop(hashes)
                    dropString(hashes: hashes)
                } else {
                    for _ in 0..<hashes { keep() }
                }
            default: keep()
            }
        }
    }

    private mutating func dropLine() {
        drop(input.firstIndex(of: UInt8(ascii: "\n")).map { $0 - input.startIndex } ?? input.count)
    }

    private mutating func dropBlock() {
        drop(2)
        var depth = 1
        while depth > 0, !input.isEmpty {
            if starts(with: "/*") {
                depth += 1
                drop(2)
            } else if starts(with: "*/") {
                depth -= 1
                drop(2)
            } else {
                drop(1)
            }
        }
    }

    /// Drops a literal, of which `input` shows the opening quote, and leaves an empty one in its place.
    private mutating func dropString(hashes: Int) {
        let pounds = String(repeating: "#", count: hashes)
        let quote = starts(with: "\"\"\"") ? "\"\"\"" : "\""
        let escape = "\\" + pounds
        output.append(contentsOf: "\"\"".utf8)
        drop(quote.utf8.count)
        while !input.isEmpty {
            if starts(with: quote + pounds) {
                drop(quote.utf8.count + hashes)
                return
            } else if starts(with: escape + "(") {
                drop(escape.utf8.count + 1)
                dropInterpolation()
            } else if starts(with: escape) {
                drop(escape.utf8.count + 1)
            } else {
                drop(1)
            }
        }
    }

    /// Drops up to the parenthesis that ends an interpolation.
    private mutating func dropInterpolation() {
        var depth = 1
        while depth > 0, let byte = input.first {
            switch byte {
            case UInt8(ascii: "\""):
                let kept = output.count
                dropString(hashes: 0)
                output.replaceSubrange(kept..<min(kept + 2, output.count), with: [])
                continue
            case UInt8(ascii: "("): depth += 1
            case UInt8(ascii: ")"): depth -= 1
            default: break
            }
            drop(1)
        }
    }
}
