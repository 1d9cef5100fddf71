import ArgumentParser

/// `A..B`, or `A` alone: whole numbers from A to B, both included.
struct NumberRange: ExpressibleByArgument {
    let numbers: ClosedRange<UInt64>

    init(_ numbers: ClosedRange<UInt64>) { self.numbers = numbers }

    init?(argument: String) {
        guard let dots = argument.firstRange(of: "..") else {
            guard let number = UInt64(argument) else { return nil }
            numbers = number...number
            return
        }
        let first = UInt64(argument[..<dots.lowerBound])
        let last = UInt64(argument[dots.upperBound...])
        guard let first, let last, first <= last else { return nil }
        numbers = first...last
    }

    var defaultValueDescription: String { "\(numbers.lowerBound)..\(numbers.upperBound)" }
}
