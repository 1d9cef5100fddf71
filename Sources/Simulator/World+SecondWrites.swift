public import PoolModel

/// Slots that go back: what a path does that executes a write again, long after it was done (hole H4).
extension World {
    /// What stands in a host's slot on the disk now.
    public func slotWrite(of host: Int) -> SlotReading { disk.slots[host] }

    /// The path executes that write once more.
    public func writeAgain(_ write: SlotReading) {
        guard write.verdict == .valid else { return }
        disk.writeSlot(write.slot, fingerprint: write.fingerprint)
    }
}
