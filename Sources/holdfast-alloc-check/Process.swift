import FoundationEssentials
import Glibc

/// Ends the program with a status, after everything printed has left it.
func exitProgram(_ status: Int32) -> Never {
    fflush(nil)
    exit(status)
}

/// A new directory below /tmp; nil when none could be made.
func makeTemporaryDirectory() -> String? {
    let path = "/tmp/holdfast-alloc-check-\(getpid())"
    do {
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
        return path
    } catch {
        return nil
    }
}

/// Removes a directory of `makeTemporaryDirectory` with everything in it.
func removeTemporaryDirectory(_ path: String) {
    do {
        try FileManager.default.removeItem(atPath: path)
    } catch {
        print("holdfast-alloc-check: \(path) was left behind: \(error)")
    }
}
