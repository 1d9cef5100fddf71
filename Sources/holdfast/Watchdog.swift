import ArgumentParser

/// `holdfast watchdog`: the device that resets this host when nothing else can.
struct Watchdog: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Look at this host's watchdog, and prove that it resets the host.",
        subcommands: [WatchdogInfo.self, WatchdogTest.self]
    )
}
