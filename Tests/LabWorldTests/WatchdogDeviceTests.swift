import LabWorld
import Testing

/// A card by reference, since `#expect` cannot call what changes a value.
private final class Card {
    private var device = WatchdogDevice()
    var isArmed: Bool { device.isArmed }
    var isOpen: Bool { device.isOpen }
    var deadline: Int64? { device.deadline }
    func open(at now: Int64) -> Int32 { device.open(at: now) }
    func close(at now: Int64) -> Bool { device.close(at: now) }
    func fires(at now: Int64) -> Bool { device.fires(at: now) }
    func write(_ bytes: [UInt8], at now: Int64) { device.write(bytes, at: now) }
    func reset(byCard: Bool) { device.reset(byCard: byCard) }
    func control(_ command: UInt32, input: [UInt8], at now: Int64) -> WatchdogDevice.Answer {
        device.control(command, input: input, at: now)
    }
}

@Suite("The lab's watchdog is as strict as the real device")
struct WatchdogDeviceTests {
    private let second: Int64 = 1_000_000_000

    private func opened(timeout: UInt8 = 2) -> Card {
        let card = Card()
        #expect(card.open(at: 0) == 0)
        #expect(card.control(0xC004_5706, input: [timeout, 0, 0, 0], at: 0) == .output([timeout, 0, 0, 0]))
        return card
    }

    @Test("after power-on it does not count")
    func freshCard() {
        let card = Card()
        #expect(!card.isArmed)
        #expect(!card.fires(at: 1 << 60))
    }

    @Test("opening arms and feeds it; it fires exactly at its timeout, once")
    func openingArms() {
        let card = opened()
        #expect(!card.fires(at: 2 * second - 1))
        #expect(card.fires(at: 2 * second))
        #expect(!card.fires(at: 3 * second))
    }

    @Test("a second open is refused as busy and feeds nothing")
    func secondOpen() {
        let card = opened()
        #expect(card.open(at: second) == 16)
        #expect(card.fires(at: 2 * second))
    }

    @Test("keep-alive, a write and a new timeout each feed")
    func feeding() {
        let card = opened()
        #expect(card.control(0x8004_5705, input: [], at: second) == .output([0, 0, 0, 0]))
        #expect(!card.fires(at: 2 * second))
        card.write([1], at: 2 * second)
        #expect(card.deadline == 4 * second)
        _ = card.control(0xC004_5706, input: [5, 0, 0, 0], at: 3 * second)
        #expect(card.deadline == 8 * second)
        card.write([], at: 7 * second)
        #expect(card.deadline == 8 * second)
    }

    @Test("closing without V does not disarm; the kernel feeds once more and counts on")
    func closingWithoutMagic() {
        let card = opened()
        #expect(!card.close(at: second))
        #expect(!card.fires(at: 2 * second))
        #expect(card.fires(at: 3 * second))
    }

    @Test("a V permits the next close to disarm, unless another write follows it")
    func magicClose() {
        let card = opened()
        card.write([UInt8(ascii: "V")], at: second)
        #expect(card.close(at: second))
        #expect(!card.fires(at: 60 * second))
        #expect(card.open(at: 61 * second) == 0)
        card.write([UInt8(ascii: "V")], at: 61 * second)
        card.write([0], at: 61 * second)
        #expect(!card.close(at: 61 * second))
    }

    @Test("a timeout that no card has is refused and changes nothing")
    func badTimeout() {
        let card = opened()
        #expect(card.control(0xC004_5706, input: [0, 0, 0, 0], at: 0) == .failure(22))
        #expect(card.control(0xC004_5706, input: [0, 0, 1, 0], at: 0) == .failure(22))
        #expect(card.control(0xC004_5706, input: [1], at: 0) == .failure(14))
        #expect(card.control(0x8004_5707, input: [], at: 0) == .output([2, 0, 0, 0]))
    }

    @Test("it says that closing needs the magic character, and who it is")
    func support() {
        let card = opened()
        guard case .output(let bytes) = card.control(0x8028_5700, input: [], at: 0) else {
            Issue.record("GETSUPPORT failed")
            return
        }
        #expect(bytes.count == 40)
        let options = bytes.prefix(4).reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        #expect(options == 0x81A0)
        #expect(String(decoding: bytes[8...].prefix { $0 != 0 }, as: UTF8.self) == "Holdfast lab watchdog")
    }

    @Test("unknown commands fail as on any device, time left counts down")
    func otherCommands() {
        let card = opened(timeout: 9)
        #expect(card.control(0x1234, input: [], at: 0) == .failure(25))
        #expect(card.control(0x8004_5704, input: [], at: 0) == .failure(95))
        #expect(card.control(0x8004_570A, input: [], at: 4 * second) == .output([5, 0, 0, 0]))
    }

    @Test("after a reset it is as after power-on, and tells whether it was the cause")
    func reset() {
        let card = opened()
        card.reset(byCard: true)
        #expect(!card.isArmed)
        #expect(!card.isOpen)
        #expect(card.control(0x8004_5702, input: [], at: 0) == .output([0x20, 0, 0, 0]))
        card.reset(byCard: false)
        #expect(card.control(0x8004_5702, input: [], at: 0) == .output([0, 0, 0, 0]))
    }
}
