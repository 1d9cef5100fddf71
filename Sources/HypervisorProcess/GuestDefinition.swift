import FoundationEssentials
import HypervisorAPI

/// What the process driver runs: `{"command": ["/usr/bin/server", "--name", "{guest}"], "environment":
/// {"MODE": "a"}}`.
///
/// `{host}`, `{guest}` and `{intent}` in arguments and values of the environment stand for the host's and the
/// machine's name and the order, so that one definition serves on every host.
struct GuestDefinition: Codable {
    /// The program, by its absolute path, and its arguments.
    var command: [String]
    /// Added to the guest's environment, which else holds PATH and HOLDFAST_* only.
    var environment: [String: String]?

    static let example = #"{"command": ["/absolute/path", "argument"]}"#

    /// The definition in an order, with everything filled in.
    init(_ order: GuestOrder, host: String) throws(HypervisorError) {
        func refuse(_ reason: String) -> HypervisorError { .badDefinition(name: order.name, reason: reason) }
        let parsed: GuestDefinition
        do {
            parsed = try JSONDecoder().decode(GuestDefinition.self, from: Data(order.definition.utf8))
        } catch {
            throw refuse("it is not like \(GuestDefinition.example)")
        }
        guard let program = parsed.command.first, program.hasPrefix("/") else {
            throw refuse("the first word of 'command' must be the absolute path of a program")
        }
        guard FileManager.default.isExecutableFile(atPath: program) else {
            throw .failed(
                name: order.name,
                reason: "\(program) is no program that can be executed on this host"
            )
        }
        let words = ["host": host, "guest": order.name, "intent": order.intent]
        command = parsed.command.map { GuestDefinition.fill($0, words) }
        environment = parsed.environment?.mapValues { GuestDefinition.fill($0, words) }
        let texts = command + (environment ?? [:]).flatMap { [$0.key, $0.value] }
        guard !texts.contains(where: { $0.utf8.contains(0) }) else {
            throw refuse("a text holds a zero byte")
        }
        guard environment?.keys.contains(where: { $0.isEmpty || $0.contains("=") }) != true else {
            throw refuse("a name in 'environment' is empty or holds '='")
        }
    }

    /// The guest's whole environment: `NAME=value`.
    func variables(_ order: GuestOrder, host: String) -> [String] {
        var all = [
            "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOLDFAST_HOST": host,
            "HOLDFAST_GUEST": order.name, "HOLDFAST_INTENT": order.intent,
        ]
        all.merge(environment ?? [:]) { _, own in own }
        return all.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
    }

    private static func fill(_ text: String, _ words: [String: String]) -> String {
        var rest = Substring(text)
        var filled = ""
        while let open = rest.firstIndex(of: "{") {
            filled += rest[..<open]
            rest = rest[open...]
            if let close = rest.firstIndex(of: "}"),
                let word = words[String(rest[rest.index(after: open)..<close])]
            {
                filled += word
                rest = rest[rest.index(after: close)...]
            } else {
                filled.append(rest.removeFirst())
            }
        }
        return filled + rest
    }
}
