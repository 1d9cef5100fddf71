/// One value for each row of the host table, stored in place so that copying never allocates.
public struct PerHost<Element: BitwiseCopyable & Sendable>: BitwiseCopyable, Sendable {
    private var storage: InlineArray<64, Element>

    /// The same value for every row.
    public init(repeating element: Element) { storage = InlineArray(repeating: element) }

    /// The value of one host.
    public subscript(host: HostIndex) -> Element {
        get { storage[host.row] }
        set { storage[host.row] = newValue }
    }

    /// The hosts whose value fulfils `condition`.
    ///
    /// To be preferred over a loop: a value that is passed along is copied whole for each row that is read of
    /// it.
    public func hosts(where condition: (Element) -> Bool) -> HostSet {
        var inMemory = self
        return inMemory.scan(condition)
    }

    private mutating func scan(_ condition: (Element) -> Bool) -> HostSet {
        var set = HostSet()
        for row in 0..<HostIndex.limit where condition(storage[row]) { set.insert(HostIndex(row)) }
        return set
    }
}

extension PerHost: Equatable where Element: Equatable {
    /// Whether all 64 rows are equal.
    public static func == (left: PerHost, right: PerHost) -> Bool {
        for row in 0..<HostIndex.limit where left.storage[row] != right.storage[row] { return false }
        return true
    }
}
