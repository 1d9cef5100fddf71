extension Interruption: Equatable {
    /// Whether both strike before the same moment, in the same way, after as many unharmed ones.
    public static func == (left: Interruption, right: Interruption) -> Bool {
        left.moment == right.moment && left.act == right.act && left.passing == right.passing
    }
}
