import Glibc

/// Ends the program with a status, after everything printed has left it.
func exitProgram(_ status: Int32) -> Never {
    fflush(nil)
    exit(status)
}
