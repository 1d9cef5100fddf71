/// What is so in a world, whatever its hosts believe; for those who report on it truthfully.
extension World {
    /// Whether the host has power, booting or up: what a fence agent would see.
    public func hasPower(_ host: Int) -> Bool { hosts[host].hasPower }
}
