import LivesetEngine
public import PoolModel

/// A fault that strikes a host between two of its own acts, while the world goes on.
public struct Interruption: Sendable {
    /// The act that it strikes before.
    public enum Moment: Sendable, Equatable {
        /// A heartbeat is composed and not sent yet.
        case send
        /// A round is composed and not handed over yet.
        case round
        /// A round that writes a ballot record of phase 1 or phase 2.
        case ballotWrite
        /// A round that shows the ballot flag and writes no ballot record yet.
        case flag
        /// A round that publishes a decided view which its writer has not adopted yet ([VIEW-2a]).
        case publication
        /// A write to the own file with this mark.
        case persist(IncarnationMark)
        /// The opening of the watchdog.
        case openWatchdog
        /// The lease was checked, the feed is still to come ([TIME-1]).
        case feed
        /// The writes of a round were answered, its read is dated and not issued yet.
        case read
        /// A view was adopted and the rest of that step is still to come.
        case adoption
    }

    /// What strikes.
    public enum Act: Sendable, Equatable {
        /// The whole host stops for so long.
        case freeze(TimeSpan)
        /// The whole host stops until another one writes a ballot record, for so long at most.
        case awaitRival(TimeSpan)
        /// The daemon crashes.
        case crashDaemon
        /// The host loses power.
        case powerOff
        /// Its storage path hangs; the host itself goes on.
        case stallStorage
        /// Its storage path hangs as soon as the next slot write is acknowledged: the reads after it fail.
        case stallAfterSlot
    }

    /// Before what.
    public var moment: Moment
    /// What.
    public var act: Act
    /// How many such moments pass unharmed first.
    public var passing: Int

    /// The fault `act` before the next `moment`, after `passing` of them.
    public init(before moment: Moment, _ act: Act, passing: Int = 0) {
        self.moment = moment
        self.act = act
        self.passing = passing
    }

    func strikes(_ order: Order, in orders: borrowing Orders, of host: SimulatedHost) -> Bool {
        switch order {
        case .broadcastHeartbeat: moment == .send
        case .startRound: strikesRound(orders.round, host)
        case .persist(let record): moment == .persist(record.mark)
        case .openWatchdog: moment == .openWatchdog
        case .announce(let announcement):
            if case .viewAdopted = announcement { moment == .adoption } else { false }
        case .renewLease, .disarm, .selfFence, .fire: false
        }
    }

    private func strikesRound(_ round: RoundRequest, _ host: SimulatedHost) -> Bool {
        if moment == .round { return true }
        guard let ballot = round.ballot else {
            return moment == .flag && (round.slot?.ballotInstance ?? .zero) > .zero
        }
        if moment == .ballotWrite { return ballot.record.instance > ballot.record.decided.epoch }
        return moment == .publication && ballot.record.decided.epoch > host.view.epoch
    }
}
