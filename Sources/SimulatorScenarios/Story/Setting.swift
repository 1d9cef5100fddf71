import LivesetEngine
import PoolModel
import Simulator

/// One line of a scenario that says what its world or its hosts are like.
public struct Setting: Equatable, Sendable {
    /// Its place in `Setting.table`.
    let kind: Int
    let fields: [Field]

    /// Two settings that cannot both be meant: of the same kind, and not about different hosts.
    func contradicts(_ other: Setting) -> Bool {
        guard kind == other.kind else { return false }
        guard case .hosts(let hosts)? = fields.first, case .hosts(let others)? = other.fields.first else {
            return true
        }
        return !hosts.intersection(others).isEmpty
    }

    func apply(to settings: inout WorldSettings) {
        Setting.table[kind].world?(&settings, Fields(fields))
    }

    func apply(to settings: inout EngineSettings) {
        Setting.table[kind].host?(&settings, Fields(fields))
    }

    /// Changes a world that runs.
    func change(_ world: World) {
        var settings = world.settings
        apply(to: &settings)
        world.changeStorage { $0 = settings.storage }
        world.changeNetwork { $0 = settings.network }
    }

    /// The kinds of settings: how they are said, and what they change.
    struct Kind: Sendable {
        let template: String
        /// Hosts are not told of it, and nothing is built by it: it can change while the world runs.
        var isChangeable = false
        var world: (@Sendable (inout WorldSettings, Fields) -> Void)?
        var host: (@Sendable (inout EngineSettings, Fields) -> Void)?
    }

    /// The setting that `template` says with these values; a template that no kind has is a bug.
    static func make(_ template: String, _ fields: Field...) -> Setting {
        guard let kind = table.firstIndex(where: { $0.template == template }) else {
            preconditionFailure("a setting is one of the table: \(template)")
        }
        return Setting(kind: kind, fields: fields)
    }

    static let sentences = Sentences<Setting>(table.indices.map(sentence))

    /// The sentences of those that can change while the world runs.
    static let changeable = table.indices.filter { table[$0].isChangeable }.map(sentence)

    private static func sentence(_ kind: Int) -> Sentence<Setting> {
        Sentence(
            table[kind].template,
            read: { Setting(kind: kind, fields: $0.values) },
            write: { $0.kind == kind ? $0.fields : nil }
        )
    }

    static let table: [Kind] = storage + network + hosts + policies

    private static func world(
        _ template: String,
        _ apply: @escaping @Sendable (inout WorldSettings, Fields) -> Void
    ) -> Kind { Kind(template: template, world: apply) }

    /// As `world`, for what can change while the world runs.
    private static func changing(
        _ template: String,
        _ apply: @escaping @Sendable (inout WorldSettings, Fields) -> Void
    ) -> Kind { Kind(template: template, isChangeable: true, world: apply) }

    private static func host(
        _ template: String,
        _ apply: @escaping @Sendable (inout EngineSettings, Fields) -> Void
    ) -> Kind { Kind(template: template, host: apply) }

    /// A range whose ends may be given in either order.
    private static func range(_ fields: Fields) -> ClosedRange<TimeSpan> {
        min(fields.span(0), fields.span(1))...max(fields.span(0), fields.span(1))
    }

    private static let storage: [Kind] = [
        changing("storage-latency {span} to {span}") { $0.storage.latency = range($1) },
        world("storage-gives-up {yesno}") { $0.storage.givesUp = $1.isYes(0) },
        world("storage-latest-landing {span}") { $0.storage.latestLanding = $1.span(0) },
        changing("storage-late-writes-land {chance}") { $0.storage.lateWriteLandsOneIn = $1.number(0) },
        changing("storage-tears {chance}") { $0.storage.tearsOneIn = $1.number(0) },
        changing("storage-fails {chance}") { $0.storage.failsOneIn = $1.number(0) },
        world("storage-repeats {chance}") { $0.storage.repeatsOneIn = $1.number(0) },
        world("storage-latest-repeat {span}") { $0.storage.latestRepeat = $1.span(0) },
        world("storage-blocks {blocks}") { $0.storage.blockBytes = $1.value(0, Words.blocks) },
    ]

    private static let network: [Kind] = [
        world("networks {network}") { $0.network.count = $1.number(0) },
        changing("network-delay {span} to {span}") { $0.network.delay = range($1) },
        changing("network-loses {chance}") { $0.network.losesOneIn = $1.number(0) },
        changing("network-repeats {chance}") { $0.network.repeatsOneIn = $1.number(0) },
        changing("network-delays {chance}") { $0.network.delaysOneIn = $1.number(0) },
        changing("network-latest-arrival {span}") { $0.network.latestArrival = $1.span(0) },
        changing("network-corrupts {chance}") { $0.network.corruptsOneIn = $1.number(0) },
        changing("network-forges {chance}") { $0.network.forgesOneIn = $1.number(0) },
        changing("network-replays {chance}") { $0.network.replaysOneIn = $1.number(0) },
    ]

    private static let hosts: [Kind] = [
        world("boot-time {span} to {span}") { $0.hosts.bootTime = range($1) },
        world("daemon-restart-time {span} to {span}") { $0.hosts.daemonRestartTime = range($1) },
        world("own-file-time {span} to {span}") { $0.hosts.persistTime = range($1) },
        world("guest-stop-time {span} to {span}") { $0.hosts.guestStopTime = range($1) },
        world("guest-stop-proved {yesno}") { $0.hosts.provesGuestStop = $1.isYes(0) },
        world("clocks-differ {yesno}") { $0.hosts.clocksDiffer = $1.isYes(0) },
        world("watchdog-descriptor-kept {yesno}") { $0.hosts.keepsDescriptor = $1.isYes(0) },
        world("wake-time {span} to {span}") { $0.hosts.wakeTime = range($1) },
        world("machines {number62}") { $0.hosts.guests = $1.number(0) },
        world("self-fence-limit {number255}") { $0.hosts.selfFenceLimit = $1.number(0) },
    ]

    private static let policies: [Kind] = [
        host("weight of {hosts} {number65535}") { settings, fields in
            guard fields.hosts(0).contains(settings.own) else { return }
            settings.weight = UInt16(clamping: fields.number(1))
        },
        host("on-storage-loss {storage-loss}") { $0.onStorageLoss = $1.value(0, Words.storageLoss) },
        host("on-even-partition {even-partition}") { $0.onEvenPartition = $1.value(0, Words.evenPartition) },
        host("storage-loss-limit {span}") { $0.storageLossLimit = $1.span(0) },
        host("enable-timeout {span}") { $0.enableTimeout = $1.span(0) },
    ]
}
