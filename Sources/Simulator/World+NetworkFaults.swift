import PoolModel

/// Faults of the heartbeat networks, in words. What names no network is about all of them.
extension World {
    // MARK: Cables and switches

    /// The network cables of this host are pulled: nothing gets in or out, the carrier is gone.
    public func cutNetwork(of host: Int) {
        for network in 0..<fabric.networkCount { isolate(host, network, carrierGone: true) }
        note(.fault(.networkCut, nil), on: hosts[host])
    }

    /// One network cable of this host is pulled.
    public func cutNetwork(_ network: Int, of host: Int) {
        isolate(host, network, carrierGone: true)
        note(.fault(.networkCut, nil), on: hosts[host])
    }

    /// Nothing gets in or out, but the carrier stays: a switch that forwards nothing.
    public func silenceNetwork(of host: Int) {
        for network in 0..<fabric.networkCount { isolate(host, network, carrierGone: false) }
        note(.fault(.networkSilent, nil), on: hosts[host])
    }

    /// Nothing gets in or out over one network, but the carrier stays.
    public func silenceNetwork(_ network: Int, of host: Int) {
        isolate(host, network, carrierGone: false)
        note(.fault(.networkSilent, nil), on: hosts[host])
    }

    /// The network of this host works again, in every direction.
    public func healNetwork(of host: Int) {
        for network in 0..<fabric.networkCount { connect(host, network) }
        note(.fault(.networkBack, nil), on: hosts[host])
    }

    /// One network of this host works again, in every direction.
    public func healNetwork(_ network: Int, of host: Int) {
        connect(host, network)
        note(.fault(.networkBack, nil), on: hosts[host])
    }

    /// The whole heartbeat network is gone: every switch is dead, every carrier with it.
    public func cutAllNetwork(carrierGone: Bool = true) {
        for host in 0..<settings.hostCount {
            if carrierGone { cutNetwork(of: host) } else { silenceNetwork(of: host) }
        }
    }

    /// The whole heartbeat network is back.
    public func healAllNetwork() { for host in 0..<settings.hostCount { healNetwork(of: host) } }

    /// The switch of one network is dead.
    public func cutSwitch(_ network: Int, carrierGone: Bool = true) {
        for host in 0..<settings.hostCount {
            if carrierGone { cutNetwork(network, of: host) } else { silenceNetwork(network, of: host) }
        }
    }

    /// The switch of one network works again.
    public func healSwitch(_ network: Int) {
        for host in 0..<settings.hostCount { healNetwork(network, of: host) }
    }

    private func isolate(_ host: Int, _ network: Int, carrierGone: Bool) {
        fabric.setCut(network, at: HostIndex(host), true)
        guard carrierGone else { return }
        hosts[host].carriersLost |= 1 << UInt8(network)
        observeLinks(hosts[host])
    }

    private func connect(_ host: Int, _ network: Int) {
        fabric.setCut(network, at: HostIndex(host), false)
        hosts[host].carriersLost &= ~(1 << UInt8(network))
        observeLinks(hosts[host])
    }

    private func observeLinks(_ host: SimulatedHost) {
        let areUp = host.carriersLost == 0
        guard host.linksUp != areUp else { return }
        host.linksUp = areUp
        let delay = random.span(.zero, .seconds(0.3))
        queue.schedule(.linksSeen, at: time + delay.nanoseconds, host: host.index.row, run: host.runNumber)
    }

    // MARK: Links

    /// Datagrams from one host to another are lost from now on; the other direction is left alone.
    public func cutLink(from sender: Int, to receiver: Int) {
        for network in 0..<fabric.networkCount { cutLink(network, from: sender, to: receiver) }
    }

    /// Datagrams from one host to another are lost on one network.
    public func cutLink(_ network: Int, from sender: Int, to receiver: Int) {
        fabric.setCut(network, from: HostIndex(sender), to: HostIndex(receiver), true)
        note(.fault(.linkCut, HostIndex(receiver)), on: hosts[sender])
    }

    /// Datagrams from one host to another arrive again.
    public func healLink(from sender: Int, to receiver: Int) {
        for network in 0..<fabric.networkCount { healLink(network, from: sender, to: receiver) }
    }

    /// Datagrams from one host to another arrive again on one network.
    public func healLink(_ network: Int, from sender: Int, to receiver: Int) {
        fabric.setCut(network, from: HostIndex(sender), to: HostIndex(receiver), false)
        note(.fault(.linkBack, HostIndex(receiver)), on: hosts[sender])
    }

    /// Neither of the two hears the other.
    public func cutLinks(between one: Int, and other: Int) {
        cutLink(from: one, to: other)
        cutLink(from: other, to: one)
    }

    /// The two hear each other again.
    public func healLinks(between one: Int, and other: Int) {
        healLink(from: one, to: other)
        healLink(from: other, to: one)
    }

    /// Datagrams from one host to another wait on their way from now on; none is lost.
    public func clogLink(from sender: Int, to receiver: Int) {
        fabric.clogged[sender].insert(HostIndex(receiver))
        note(.fault(.linkClogged, HostIndex(receiver)), on: hosts[sender])
    }

    /// All datagrams that wait between the two arrive at once.
    public func unclogLink(from sender: Int, to receiver: Int) {
        note(.fault(.linkUnclogged, HostIndex(receiver)), on: hosts[sender])
        release(from: HostIndex(sender), to: HostIndex(receiver))
    }

    /// Everything to and from this host waits on its way.
    public func clogNetwork(of host: Int) {
        for peer in 0..<settings.hostCount where peer != host {
            clogLink(from: host, to: peer)
            clogLink(from: peer, to: host)
        }
    }

    /// Everything that waits on its way to and from this host arrives at once.
    public func unclogNetwork(of host: Int) {
        for peer in 0..<settings.hostCount where peer != host {
            unclogLink(from: host, to: peer)
            unclogLink(from: peer, to: host)
        }
    }

    // MARK: Datagrams

    /// Changes how the network treats every datagram from now on: loss, delay, damage, forgery, replay.
    public func changeNetwork(_ change: (inout NetworkManners) -> Void) { change(&settings.network) }

    /// The next `count` datagrams from one host to another lose a few bits on their way.
    public func corruptDatagrams(from sender: Int, to receiver: Int, count: Int = 1) {
        fabric.corrupting.append(Corruption(sender: sender, receiver: receiver, count: count))
        note(.fault(.datagramsCorrupted, HostIndex(receiver)), on: hosts[sender])
    }

    /// Somebody who has no key sends `receiver` a datagram in the name of `sender`.
    public func forgeDatagram(_ forgery: Forgery, as sender: Int, to receiver: Int) {
        forge(forgery, as: HostIndex(sender), to: HostIndex(receiver))
        note(.fault(.datagramForged, HostIndex(sender)), on: hosts[receiver])
    }

    /// Somebody sends `receiver` datagrams once more that `sender` sent before, also in former lives.
    ///
    /// False when none was recorded yet.
    @discardableResult
    public func replayDatagrams(of sender: Int, to receiver: Int, count: Int = 1) -> Bool {
        note(.fault(.datagramsReplayed, HostIndex(sender)), on: hosts[receiver])
        for _ in 0..<count where !replay(of: HostIndex(sender), to: HostIndex(receiver)) { return false }
        return true
    }
}
