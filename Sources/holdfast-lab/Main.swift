internal import ArgumentParser

@main
struct HoldfastLab: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "holdfast-lab",
        abstract: "A pool of hosts on this machine, whose plugs and cables can be pulled.",
        discussion: """
            Each host runs the real holdfastd and holdfast-manager. Its watchdog, its shared disk and \
            its networks are the lab's, so nothing in a lab can reset this machine.

            Examples:
              sudo holdfast-lab demo                        plug, storage and network cable
              sudo holdfast-lab up --hosts 3                a pool to play with
              sudo holdfast-lab fault power-off lab1
              sudo holdfast-lab fault cut-storage lab2 --error
              sudo holdfast-lab fault heal
              sudo holdfast-lab check                       did any machine ever have two writers?
              sudo holdfast-lab down
              sudo holdfast-lab storm --faults 50 --seed 7  fifty random faults, each healed and checked
              sudo holdfast-lab crashes --count 100         daemons killed at random moments
              sudo holdfast-lab vm                          real kernels that really reset, in virtual machines

            Exit status: 0 all is well; 1 something ran twice or did not come back; 2 the lab itself failed; \
            64 the command was not understood; 130 interrupted.
            """,
        subcommands: [
            Demo.self, Storm.self, Up.self, Status.self, Fault.self, Check.self, Down.self, VMCommand.self,
            Crashes.self,
        ]
    )
}
