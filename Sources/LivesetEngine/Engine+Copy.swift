import PoolModel

extension Engine {
    /// A second engine in the same state, for a search that goes on from one state in several ways.
    ///
    /// Copying is not for a daemon: there is one engine a host. `ExplorerTests` holds that no stored
    /// property is forgotten here.
    package borrowing func copy() -> Engine {
        var twin = Engine(settings: settings, start: start, now: startedAt)
        twin.timing = timing
        twin.life = life
        twin.incarnation = incarnation
        twin.isLeaving = isLeaving
        twin.hasGuests = hasGuests
        twin.isHeldOut = isHeldOut
        twin.mayForceForm = mayForceForm
        twin.requests = requests
        twin.health = health
        twin.watchdog = watchdog
        twin.nextArmingAt = nextArmingAt
        twin.lastFence = lastFence
        twin.lastWords = lastWords
        twin.peers = peers
        twin.departures = departures
        copyViews(to: &twin)
        twin.round = round
        twin.lease = lease
        twin.partition = partition
        twin.mastership = mastership
        twin.sends = sends
        twin.nextHeartbeatAt = nextHeartbeatAt
        twin.wantsHeartbeat = wantsHeartbeat
        twin.published = published
        twin.fence = fence
        twin.told = told
        return twin
    }

    private borrowing func copyViews(to twin: inout Engine) {
        twin.adopted = adopted
        twin.members = members
        twin.removed = removed
        twin.known = known
        twin.firstAdoptedAt = firstAdoptedAt
        twin.adoptedAt = adoptedAt
        twin.book = book
        twin.proposer = proposer
        twin.desiredSince = desiredSince
        twin.formableSince = formableSince
        twin.jitter = jitter
    }
}
