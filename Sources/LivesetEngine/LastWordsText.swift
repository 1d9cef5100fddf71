import PoolModel

// The sentence that a fenced host leaves in its slot: why, with which figures, and what it was told last. The
// most decisive comes first, for what does not fit is cut.
extension Engine {
    /// Reason, figures and the last decisive inputs in ASCII, without allocating.
    func composeLastWords(_ reason: SelfFenceReason, _ figures: FenceFigures, now: MonotonicInstant)
        -> LastWords
    {
        var words = LastWords()
        words.add("fenced itself: ")
        words.add(LastWordsText.sentence(reason))
        if reason == .removedFromView { addRemoval(&words) }
        words.add("; epoch ")
        words.add(figures.epoch.rawValue)
        words.add(", last good round ")
        words.addAge(figures.lastGoodRound, now)
        words.add(", last grant ")
        words.addAge(figures.lastGrant, now)
        words.add(", heard ")
        words.add(UInt64(figures.heard.intersection(figures.members).count))
        words.add(" of ")
        words.add(UInt64(max(0, figures.members.count - 1)))
        words.add(" other members")
        addLastRound(&words, now: now)
        if !health.isPublishedOK { words.add(", links bad") }
        addLastHeard(&words, figures.members, now: now)
        return words
    }

    /// Which view leaves it out, and why.
    private func addRemoval(_ words: inout LastWords) {
        words.add(" (")
        words.add(known.epoch.rawValue)
        if let reason = known.entries[own].reason {
            words.add(": ")
            words.add(LastWordsText.word(reason))
        }
        words.add(")")
    }

    private func addLastRound(_ words: inout LastWords, now: MonotonicInstant) {
        words.add("; last round ")
        words.addAge(round.lastEndedAt, now)
        guard round.lastEndedAt != .distantPast else { return }
        words.add(", write ")
        words.add(LastWordsText.word(round.lastWrite))
        words.add(round.lastRead ? ", read ok" : ", read failed")
    }

    /// When each member was heard last; the silent ones of a large pool are cut.
    private func addLastHeard(_ words: inout LastWords, _ members: HostSet, now: MonotonicInstant) {
        for host in members where host != own {
            words.add("; #")
            words.add(UInt64(host.rawValue))
            words.add(" heard ")
            words.addAge(peers[host.row].heardAt, now)
        }
    }
}

/// The fixed parts of last words; all are literals, which live in the program's image.
private enum LastWordsText {
    static func sentence(_ reason: SelfFenceReason) -> String {
        switch reason {
        case .leaseExpired: "no proof of life was renewed within G"
        case .removedFromView: "the pool decided a view without this host"
        case .stalledFeed: "the fence loop was stopped too long between check and feed"
        case .watchdogUnavailable: "the watchdog could not be opened or fed"
        case .operatorRequest: "the operator asked for it"
        case .crashLoop: "the daemon crashed too often in a row"
        }
    }

    static func word(_ reason: RemovalReason) -> String {
        switch reason {
        case .silent: "silent"
        case .partitioned: "partitioned"
        case .storageLost: "storage-lost"
        case .askedOut: "asked-out"
        case .left: "left"
        case .knownDead: "known-dead"
        case .formedWithout: "formed-without"
        }
    }

    static func word(_ outcome: WriteOutcome) -> String {
        switch outcome {
        case .notAsked: "none"
        case .succeeded: "ok"
        case .failed: "failed"
        case .unknown: "unknown"
        }
    }
}

extension LastWords {
    /// Adds a literal.
    fileprivate mutating func add(_ text: String) {
        for byte in text.utf8 { append(byte) }
    }

    fileprivate mutating func add(_ number: UInt64) {
        var divisor: UInt64 = 1
        while number / divisor >= 10 { divisor *= 10 }
        while divisor > 0 {
            append(UInt8(48 + number / divisor % 10))
            divisor /= 10
        }
    }

    fileprivate mutating func addAge(_ instant: MonotonicInstant, _ now: MonotonicInstant) {
        guard instant != .distantPast else {
            add("never")
            return
        }
        let milliseconds = UInt64(max(0, (now - instant).inMilliseconds))
        add(milliseconds / 1000)
        add(".")
        add(milliseconds % 1000 / 100)
        add(" s ago")
    }
}
