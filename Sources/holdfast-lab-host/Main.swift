// The processes of a lab beside its command: started by holdfast-lab and by each other, never by hand.
internal import LabPlatform
internal import LabWorld

@main
struct Main {
    static func main() {
        let words = Array(CommandLine.arguments.dropFirst())
        do {
            try exitProcess(run(words))
        } catch {
            say("holdfast-lab-host \(words.joined(separator: " ")): \(error)")
            exitProcess(1)
        }
    }

    private static func run(_ words: [String]) throws(LabError) -> Int32 {
        switch (words.first, words.count) {
        case ("supervise", 2): try Supervisor.run(directory: words[1], isLeashed: false)
        case ("supervise-leashed", 2): try Supervisor.run(directory: words[1], isLeashed: true)
        case ("hardware", 3): try Hardware.run(directory: words[1], host: words[2])
        case ("disk", 3): try SharedDisk.run(directory: words[1], host: words[2])
        case ("relay", 2): try Relay.run(directory: words[1])
        case ("launch", 2): return try HostLaunch.run(folder: words[1])
        case ("init", 2): try HostInit.run(folder: words[1])
        case ("clock", 1): Descriptor(duplicating: 1).write(text: "\(LabClock.now)\n")
        default:
            throw LabError(
                "this program is a part of holdfast-lab and is started by it; see 'holdfast-lab --help'"
            )
        }
        return 0
    }

    private static func say(_ text: String) {
        Descriptor(duplicating: 2).write(text: text + "\n")
    }

    private static func exitProcess(_ status: Int32) -> Never {
        Processes.exit(status)
    }
}
