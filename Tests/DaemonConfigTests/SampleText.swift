/// A small correct configuration, and ways to spoil it.
enum SampleText {
    static let correct = """
        [host]
        name = "lab1"
        [pool]
        key-file = "/etc/holdfast/pool.key"
        [timing]
        profile = "fast"
        [heartbeat]
        port = 7694
        [[heartbeat.network]]
        name = "storage-a"
        bind = "10.77.0.1"
        interfaces = ["eth0"]
        witness = "10.77.0.254"
        [heartbeat.network.peers]
        lab2 = "10.77.0.2"
        lab3 = "10.77.0.3:7700"
        [statefile]
        path = "/srv/statefile"
        [policy]
        storage-loss-limit = "never"
        [manager]
        memory = "4 GiB"
        """

    /// The correct text with one line replaced.
    static func with(_ line: String, insteadOf old: String) -> String {
        precondition(correct.contains(old), "the sample has the line that is to be replaced")
        return correct.split(separator: "\n", omittingEmptySubsequences: false)
            .map { $0 == old ? line : String($0) }.joined(separator: "\n")
    }

    /// The correct text with lines added below a section's head.
    static func adding(_ lines: String, below head: String) -> String {
        with(head + "\n" + lines, insteadOf: head)
    }
}
