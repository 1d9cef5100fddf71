import LivesetEngine
import PoolModel
import Simulator

/// Situations in which machines are ordered while masters change ([ACT-1] to [ACT-3]).
extension Template {
    static let guests: [Template] = [
        Template(
            "late-orders",
            "start orders are late; masters stop with orders in hand and are replaced (H16)"
        ) {
            stage in
            let hosts = 3
            guard let world = stage.pool(hosts: hosts, .fast, { $0.hosts.guests = 4 }) else { return }
            world.run(for: .seconds(20))
            for _ in 0..<2 {
                guard let master = world.actingMaster else { break }
                world.interrupt(master, Interruption(before: .send, .freeze(world.settings.timing.grace)))
                world.powerOff((master + 1) % hosts)
                world.run(for: world.settings.timing.certainlyDead * 2)
                stage.mend(world)
                world.run(for: .seconds(15))
            }
            stage.keeps(world)
        },
        Template("orders-while-moving", "the master is moved again and again while machines are started") {
            stage in
            guard let world = stage.pool(hosts: 3, .fast, { $0.hosts.guests = 6 }) else { return }
            for step in 0..<8 {
                world.request(.moveMaster(HostIndex(step % 3)), of: (step + 1) % 3)
                if step % 4 == 1 { world.reboot((step + 2) % 3) }
                world.run(for: stage.chance.span(.seconds(3), .seconds(8)))
            }
            stage.mend(world)
        },
    ]
}
