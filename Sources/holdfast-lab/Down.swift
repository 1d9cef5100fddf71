internal import ArgumentParser
internal import LabPlatform
internal import LabWorld

struct Down: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "End a lab and remove all of it; no harm where there is none."
    )

    @OptionGroup var choice: LabChoice
    @Flag(help: "Keep the lab's folder with its logs and disks.") var keep = false

    func run() throws {
        LabSession.down(directory: choice.folder, keepsFolder: keep)
        Terminal.say("lab '\(choice.id)' is down" + (keep ? "; its folder is \(choice.folder)" : ""))
    }
}
