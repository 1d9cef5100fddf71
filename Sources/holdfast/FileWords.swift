import FoundationEssentials

/// Says in words why a file could not be used.
enum FileWords {
    static func of(_ error: any Error) -> String {
        guard let error = error as? CocoaError else { return "\(error)" }
        switch error.code {
        case .fileReadNoSuchFile, .fileNoSuchFile: return "no such file or folder"
        case .fileReadNoPermission, .fileWriteNoPermission: return "permission denied"
        case .fileWriteFileExists: return "the file exists"
        case .fileWriteOutOfSpace: return "no space left"
        default: return "error \(error.code.rawValue)"
        }
    }
}
