import Simulator

/// What can befall the links between two sets of hosts, or be mended there; on all networks at once.
public enum LinkFault: String, CaseIterable, Sendable {
    /// Datagrams from the first to the second are lost; the other direction is left alone.
    case cut = "cut link from {hosts} to {hosts}"
    /// They arrive again.
    case plug = "plug link from {hosts} to {hosts}"
    /// No host of the first hears one of the second, and the other way round; carriers stay.
    case split = "split {hosts} from {hosts}"
    /// They hear each other again.
    case join = "join {hosts} with {hosts}"
    /// Datagrams from the first to the second wait on their way.
    case clog = "clog link from {hosts} to {hosts}"
    /// All that waited arrives at once.
    case unclog = "unclog link from {hosts} to {hosts}"

    /// Carries it out between two hosts.
    func strike(_ one: Int, _ other: Int, in world: World) {
        switch self {
        case .cut: world.cutLink(from: one, to: other)
        case .plug: world.healLink(from: one, to: other)
        case .split: world.cutLinks(between: one, and: other)
        case .join: world.healLinks(between: one, and: other)
        case .clog: world.clogLink(from: one, to: other)
        case .unclog: world.unclogLink(from: one, to: other)
        }
    }

    /// Whether it puts something right.
    var isMending: Bool {
        switch self {
        case .plug, .join, .unclog: true
        case .cut, .split, .clog: false
        }
    }
}
