internal import LabPlatform

/// Follows the incidents of a lab: what was done to its hosts and what their hardware did.
public final class IncidentTail {
    private let path: String
    private var offset: Int64 = 0

    /// Follows the incidents of the lab in this folder, from their beginning.
    public init(directory: String) {
        path = LabPaths(root: directory).incidents
    }

    /// The incidents since the last look.
    public func more() -> [LabIncident] {
        guard let file = try? Descriptor(path: path, flags: OpenFlags.readOnly),
            case .success(let bytes) = file.read(at: offset, count: 1 << 20),
            let end = bytes.lastIndex(of: 10)
        else { return [] }
        offset += Int64(end + 1)
        return String(decoding: bytes[...end], as: UTF8.self).split(separator: "\n").compactMap {
            try? LabJSON.decode(LabIncident.self, from: String($0))
        }
    }
}
