public import LabPlatform

/// One of Debian's kernels, unpacked in the lab's cache folder by scripts/install-vm-deps.sh.
public struct VMKernel: Sendable {
    /// Which one.
    public enum Kind: String, Sendable, CaseIterable {
        /// Small, quick to boot; its only watchdog is softdog.
        case cloud
        /// Has the drivers of hardware watchdogs.
        case full
    }

    /// Which one it is.
    public let kind: Kind
    /// The kernel's release, as `uname -r` says it.
    public let version: String
    private let folder: String

    /// The kernel in the cache folder.
    public init(_ kind: Kind, cache: String = VMKernel.cache) throws(LabError) {
        self.kind = kind
        folder = cache + "/kernels/" + kind.rawValue
        guard let version = FileTree.text(folder + "/modules.ready")?.split(separator: "\n").first else {
            throw LabError(
                "there is no \(kind.rawValue) kernel in \(folder): run scripts/install-vm-deps.sh"
            )
        }
        self.version = String(version)
    }

    /// Where kernels are kept: HOLDFAST_LAB_CACHE, or /var/cache/holdfast-lab.
    public static var cache: String { Processes.variable("HOLDFAST_LAB_CACHE") ?? "/var/cache/holdfast-lab" }

    /// The kernel's image.
    var image: String { "\(folder)/boot/vmlinuz-\(version)" }

    /// Where the kernel's modules lie.
    var moduleFolder: String { "\(folder)/lib/modules/\(version)" }

    /// The modules with these names and all that they need, in an order in which they can be loaded.
    ///
    /// A name that is no module of this kernel is built into it, and left out.
    func modules(_ names: [String]) throws(LabError) -> [String] {
        guard let text = FileTree.text(moduleFolder + "/modules.dep") else {
            throw LabError("\(moduleFolder) has no modules.dep: run scripts/install-vm-deps.sh")
        }
        var needs: [Substring: [Substring]] = [:]
        var paths: [Substring: Substring] = [:]
        for line in text.split(separator: "\n") {
            guard let colon = line.firstIndex(of: ":") else { continue }
            let path = line[..<colon]
            // The list names what must be there first at its end.
            needs[path] = line[line.index(after: colon)...].split(separator: " ").reversed()
            paths[VMKernel.name(of: path)] = path
        }
        var ordered: [String] = []
        for name in names {
            guard let path = paths[Substring(name)] else { continue }
            for file in (needs[path] ?? []) + [path] where !ordered.contains(String(file)) {
                ordered.append(String(file))
            }
        }
        return ordered
    }

    private static func name(of path: Substring) -> Substring {
        let file = path.split(separator: "/").last ?? path
        return file.prefix { $0 != "." }
    }
}
