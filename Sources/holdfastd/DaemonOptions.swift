import ArgumentParser
import DaemonConfig

/// The command line of `holdfastd`.
struct DaemonOptions: ParsableArguments {
    /// Where the configuration is.
    @Option(help: "The configuration file.", completion: .file(extensions: ["toml"]))
    var config = DaemonSettings.defaultFile

    /// Only look.
    @Flag(help: "Check the configuration and the key file, print what follows from them, and exit.")
    var checkConfig = false
}
