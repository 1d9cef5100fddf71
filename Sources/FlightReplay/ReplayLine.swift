import FoundationEssentials

/// The first line of a replay for programs.
struct ReplayHead: Encodable {
    let host: String
    let hosts: [String]
    let product: String
    let reason: String
    let savedWallMilliseconds: Int64
    let segments: [UInt64]
    let spanMilliseconds: Int
    let damage: String?
}

/// One step of a replay for programs.
struct ReplayLine: Encodable {
    let atMilliseconds: Int
    let bootNanoseconds: Int64
    let wallMilliseconds: Int64
    let step: String
    let orders: [String]
    let decides: Bool
    let verdict: String

    /// A value as one line.
    static func json(_ value: some Encodable) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        // Numbers, truths and texts: there is nothing that could not be encoded.
        guard let data = try? encoder.encode(value) else { return "{}" }
        return String(decoding: data, as: UTF8.self)
    }
}

/// The last line of a replay for programs.
struct ReplayEnd: Encodable {
    let steps: Int
    let different: Int
    let broken: Int
    let isFaithful: Bool
}
