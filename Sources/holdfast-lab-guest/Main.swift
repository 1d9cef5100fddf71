// A guest of the lab, started by the process driver of holdfast-manager.
internal import LabPlatform
internal import LabWorld

@main
struct Main {
    static func main() {
        let words = Array(CommandLine.arguments.dropFirst())
        do {
            guard let machine = words.first, words.count <= 2 else {
                throw LabError(
                    "usage: holdfast-lab-guest MACHINE [HOST-FOLDER]: a guest of holdfast-lab, started by "
                        + "the manager"
                )
            }
            guard let folder = words.dropFirst().first ?? Processes.variable("HOLDFAST_LAB_SELF") else {
                throw LabError("no folder of the host: give it, or set HOLDFAST_LAB_SELF")
            }
            try Guest(machine: machine, hostFolder: folder).run()
        } catch {
            Descriptor(duplicating: 2).write(text: "holdfast-lab-guest: \(error)\n")
            Processes.exit(1)
        }
    }
}
